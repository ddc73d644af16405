//! Bodies of requests, unpacked and of bounded size.

use std::io::Read;

use anyhow::{Context, Result, anyhow, bail, ensure};
use flate2::read::GzDecoder;
use http_body_util::{BodyExt, Limited};
use hyper::{
    HeaderMap,
    body::{Body, Bytes},
};

/// Sixteen times what the service sends at once.
const MAX: usize = 16 << 20;

pub(super) async fn read<B>(headers: &HeaderMap, body: B) -> Result<Bytes>
where
    B: Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
{
    let body = Limited::new(body, MAX).collect().await.map_err(|error| anyhow!(error))?.to_bytes();
    match headers.get("content-encoding").map_or(b"identity".as_slice(), |value| value.as_bytes()) {
        b"identity" => Ok(body),
        b"gzip" => unpacked(&body).map(Bytes::from),
        other => bail!("an unknown content-encoding: {}", String::from_utf8_lossy(other)),
    }
}

fn unpacked(gzip: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    let mut reader = GzDecoder::new(gzip).take(MAX as u64 + 1);
    reader.read_to_end(&mut body).context("cannot be unpacked")?;
    ensure!(body.len() <= MAX, "unpacked, it is over {MAX} bytes");
    Ok(body)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};
    use http_body_util::Full;

    use super::*;

    #[tokio::test]
    async fn a_body_is_bounded_as_sent_and_as_unpacked() {
        let mut gzip = HeaderMap::new();
        gzip.insert("content-encoding", "gzip".parse().unwrap());
        for (length, is_read) in [(MAX, true), (MAX + 1, false)] {
            let zeros = vec![0; length];
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(&zeros).unwrap();
            let packed = packed.finish().unwrap();
            let sent = read(&HeaderMap::new(), Full::<Bytes>::from(zeros)).await;
            assert_eq!(sent.is_ok(), is_read, "{length}");
            let sent = read(&gzip, Full::<Bytes>::from(packed)).await;
            assert_eq!(sent.is_ok(), is_read, "{length} unpacked");
        }
    }
}
