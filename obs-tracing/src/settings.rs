use obs_core::config::Reader;

use crate::{Sampler, TrustedProxies};

/// How requests and jobs are traced.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TracingSettings {
    /// Which traces are kept. Default: every new one, else what the caller decided. Environment:
    /// [`OTEL_TRACES_SAMPLER`](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration)
    /// (`always_on`, `always_off`, `traceidratio`, `parentbased_always_on`,
    /// `parentbased_always_off`, `parentbased_traceidratio`), and `OTEL_TRACES_SAMPLER_ARG`: the
    /// share of the two ratios, 0 to 1, default 1.
    pub sampler: Sampler,
    /// Whether spans are built and handed over at all. Without that, ids are chosen for the other
    /// signals, and the context of a caller goes on to the next service unchanged. Default `true`.
    /// Environment: `OTEL_SDK_DISABLED=true` turns it off.
    pub export: bool,
    /// Whose `Forwarded` and `X-Forwarded-Proto` headers say the scheme of a request. Default:
    /// proxies on this host and in private networks. Environment: `OBS_TRUSTED_PROXIES` (`private`,
    /// `all`, `none`, or up to 64 addresses and networks such as `10.1.0.0/16`, with commas).
    pub trusted_proxies: TrustedProxies,
    /// Whether the trace of a caller is continued, by its `traceparent`. Default `true`. Environment:
    /// [`OTEL_PROPAGATORS`](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration),
    /// a list of `tracecontext` and `none`; `none` alone turns it off.
    pub propagate: bool,
}

impl Default for TracingSettings {
    fn default() -> Self {
        Self {
            sampler: Sampler::default(),
            export: true,
            propagate: true,
            trusted_proxies: TrustedProxies::default(),
        }
    }
}

#[derive(Clone, Copy)]
enum Root {
    On,
    Off,
    Ratio,
}

impl TracingSettings {
    /// Reads the variables; what is not set stays at its default.
    ///
    /// As the specification has it, a sampler that is not known is a warning and the default is
    /// used; so is a share that cannot be read, and all traces are kept then.
    /// `OTEL_TRACES_SAMPLER_ARG` counts only if the sampler is a ratio.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        const SAMPLERS: [(&str, (Root, bool)); 6] = [
            ("always_on", (Root::On, false)),
            ("always_off", (Root::Off, false)),
            ("traceidratio", (Root::Ratio, false)),
            ("parentbased_always_on", (Root::On, true)),
            ("parentbased_always_off", (Root::Off, true)),
            ("parentbased_traceidratio", (Root::Ratio, true)),
        ];
        let default = Self::default();
        // Samplers with other arguments, such as `jaeger_remote`, are not supported.
        let argument = reader.text(ARGUMENT);
        let sampler = reader.choice("OTEL_TRACES_SAMPLER", &SAMPLERS);
        let sampler = sampler.map(|(root, parent_based)| {
            let sampler = match root {
                Root::On => Sampler::always_on(),
                Root::Off => Sampler::always_off(),
                Root::Ratio => Sampler::ratio(argument.and_then(|_| share(reader)).unwrap_or(1.0)),
            };
            if parent_based { sampler.parent_based() } else { sampler }
        });
        Self {
            sampler: sampler.unwrap_or(default.sampler),
            export: reader.flag("OTEL_SDK_DISABLED").map_or(default.export, |disabled| !disabled),
            trusted_proxies: reader
                .parse(
                    "OBS_TRUSTED_PROXIES",
                    "private, all, none, or up to 64 addresses and networks, with commas",
                    TrustedProxies::parse,
                )
                .unwrap_or(default.trusted_proxies),
            propagate: propagate(reader).unwrap_or(default.propagate),
        }
    }
}

const ARGUMENT: &str = "OTEL_TRACES_SAMPLER_ARG";

fn share(reader: &mut Reader<'_>) -> Option<f64> {
    reader.parse(ARGUMENT, "a number, 0 to 1", |text| {
        text.parse().ok().filter(|share| (0.0..=1.0).contains(share))
    })
}

/// `None` if no propagator of ours is listed.
fn propagate(reader: &mut Reader<'_>) -> Option<bool> {
    const VARIABLE: &str = "OTEL_PROPAGATORS";
    let text = reader.text(VARIABLE)?;
    let (mut context, mut none, mut unknown) = (false, false, None);
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match name.to_ascii_lowercase().as_str() {
            "tracecontext" => context = true,
            "none" => none = true,
            // Part of the standard's own default, hence nothing wrong.
            "baggage" => reader.ignored(VARIABLE, "baggage is not supported"),
            _ => unknown = unknown.or(Some(name)),
        }
    }
    if let Some(name) = unknown {
        reader.part_fault(VARIABLE, &text, name, "a list of tracecontext, none");
    }
    (context || none).then_some(context)
}
