//! Messages of gRPC: a flag, a length, and a `google.protobuf.StringValue`.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};

/// The field with the number 1, with a length.
const FIELD: u8 = 0x0a;

/// One message with a text that is shorter than 128 bytes.
pub(crate) fn message(text: &[u8]) -> Bytes {
    let mut message = BytesMut::new();
    message.put_u8(0);
    message.put_u32(text.len() as u32 + 2);
    message.put_slice(&[FIELD, text.len() as u8]);
    message.put_slice(text);
    message.freeze()
}

/// The texts of all messages, one after the other.
pub(crate) fn unframed(mut body: Bytes) -> Bytes {
    let mut texts = BytesMut::new();
    while body.len() >= 5 {
        body.advance(1);
        let length = body.get_u32() as usize;
        let message = body.split_to(length.min(body.len()));
        texts.put_slice(message.get(2..).unwrap_or_default());
    }
    texts.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_framed_is_unframed() {
        assert_eq!(&message(b"42")[..], b"\0\0\0\0\x04\x0a\x0242");
        let two = [message(b"order 1"), message(b"order 2")].concat();
        assert_eq!(&unframed(two.into())[..], b"order 1order 2");
    }
}
