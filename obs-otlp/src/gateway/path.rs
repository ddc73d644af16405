use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

/// The path of a group, by the gateway's
/// [API](https://github.com/prometheus/pushgateway#url): plain values as they are, others in base64.
/// An empty instance is none: the gateway refuses two groups that differ in nothing else.
pub(super) fn path(job: &str, instance: Option<&str>) -> String {
    let mut path = "metrics".to_owned();
    let instance = instance.filter(|instance| !instance.is_empty());
    for (label, value) in [("job", Some(job)), ("instance", instance)] {
        if let Some(value) = value {
            path.push('/');
            path.push_str(label);
            push_value(value, &mut path);
        }
    }
    path
}

fn push_value(value: &str, path: &mut String) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    // A segment of dots is a step in the tree of paths.
    let is_plain = value.bytes().all(plain) && value.bytes().any(|byte| byte != b'.');
    if is_plain {
        path.push('/');
        path.push_str(value);
    } else {
        path.push_str("@base64/");
        match value {
            "" => path.push('='),
            _ => URL_SAFE.encode_string(value, path),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn as_the_gateway_documents_it() {
        assert_eq!(path("nightly-1.2_a~b", None), "metrics/job/nightly-1.2_a~b");
        assert_eq!(path("a", Some("/var/tmp")), "metrics/job/a/instance@base64/L3Zhci90bXA=");
        assert_eq!(path("Προμηθεύς", None), "metrics/job@base64/zqDPgc6_zrzOt864zrXPjc-C");
        assert_eq!(path("", None), "metrics/job@base64/=");
        assert_eq!(path("a", Some("")), "metrics/job/a");
        assert_eq!(path("..", None), "metrics/job@base64/Li4=");
    }

    proptest! {
        #[test]
        fn any_value_is_one_segment_and_comes_back(value in any::<String>()) {
            let path = path(&value, None);
            let mut segments = path.split('/').skip(1);
            let (name, segment) = (segments.next().unwrap(), segments.next().unwrap());
            prop_assert_eq!(segments.next(), None);
            let url = format!("http://gateway/{path}");
            prop_assert!(url.parse::<http::Uri>().is_ok());
            let back = match name {
                "job" => segment.to_owned(),
                _ if segment == "=" => String::new(),
                _ => String::from_utf8(URL_SAFE.decode(segment).unwrap()).unwrap(),
            };
            prop_assert_eq!(back, value);
        }
    }
}
