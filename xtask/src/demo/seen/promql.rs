//! Instant queries through Prometheus' HTTP API.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{super::http, Sample};

pub(in crate::demo) struct Promql {
    address: SocketAddr,
}

impl Promql {
    pub(in crate::demo) fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// The samples of the newest scrape; without a timestamp the query is answered for now.
    pub(super) async fn query(&self, query: &str) -> Result<Vec<Sample>> {
        let answer =
            http::get(self.address, &format!("/api/v1/query?query={}", percent_encoded(query)))
                .await?;
        vector(&answer.text).with_context(|| format!("Prometheus does not answer {query}"))
    }
}

/// An instant vector, as the API writes it: every value is a string.
fn vector(text: &str) -> Result<Vec<Sample>> {
    let answer: Value = serde_json::from_str(text).context("not JSON")?;
    if answer["status"] != "success" {
        bail!("{}: {}", answer["errorType"], answer["error"]);
    }
    let result = answer["data"]["result"].as_array().context("no result")?;
    result
        .iter()
        .map(|entry| sample(entry).with_context(|| format!("not a sample: {entry}")))
        .collect()
}

fn sample(entry: &Value) -> Option<Sample> {
    let mut labels = entry["metric"]
        .as_object()?
        .iter()
        .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect::<Option<std::collections::BTreeMap<_, _>>>()?;
    let name = labels.remove("__name__").unwrap_or_default();
    // "NaN" and "+Inf" parse as such.
    let value = entry["value"][1].as_str()?.parse().ok()?;
    Some(Sample { name, labels, value, exemplar: None })
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_instant_vector() {
        let text = r#"{"status":"success","data":{"resultType":"vector","result":[
            {"metric":{"method":"GET","route":"/orders/{id}"},"value":[1700000000.1,"0.25"]},
            {"metric":{"__name__":"up"},"value":[1700000000.1,"NaN"]}]}}"#;
        let samples = vector(text).unwrap();
        assert_eq!((samples[0].label("route"), samples[0].value), ("/orders/{id}", 0.25));
        assert_eq!(samples[1].name, "up");
        assert!(samples[1].value.is_nan());
    }

    #[test]
    fn an_error_is_told() {
        let text = r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#;
        assert_eq!(vector(text).unwrap_err().to_string(), r#""bad_data": "parse error""#);
        assert!(vector("<html>").is_err());
    }

    #[test]
    fn a_query_survives_the_address_line() {
        assert_eq!(percent_encoded("sum(a_b{c!=\"é\"})"), "sum%28a_b%7Bc%21%3D%22%C3%A9%22%7D%29");
    }
}
