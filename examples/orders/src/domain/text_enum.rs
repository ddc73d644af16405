/// An enum with one spelling: in JSON, in the database and as a label of metrics.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        obs_stack::api::metrics::label_enum! {
            $(#[$doc])*
            #[derive(serde::Serialize, serde::Deserialize)]
            pub enum $name {
                $(#[serde(rename = $text)] $variant = $text),+
            }
        }

        impl $name {
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
