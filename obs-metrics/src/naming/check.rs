//! Validates names that are set in code.

use std::collections::BTreeSet;

use obs_core::source::{Kind, is_label_name, is_metric_name};

use super::{Canonical, FamilyNaming, Naming, is_currency, is_namespace, words};
use crate::built_in::canonical;
use crate::families::bounds_fault;
use crate::http::DURATIONS;
use crate::settings::latencies_fault;
use crate::{DefinitionFault, LabelValues, SettingsError};

impl Naming {
    /// Takes out what cannot be, and says what it was.
    pub(crate) fn take_faults(&mut self) -> Vec<SettingsError> {
        let mut errors = Vec::new();
        if !self.namespace.is_empty() && !is_namespace(&self.namespace) {
            let fault = format!("a namespace is made of {}", words::NAMESPACE);
            errors.push(SettingsError::new(self.namespace_setting(), fault));
            self.namespace.clear();
        }
        if !self.currency.is_empty() && !is_currency(&self.currency) {
            let fault = format!("a currency is made of {}", words::CURRENCY);
            errors.push(SettingsError::new(self.currency_setting(), fault));
            self.currency = self.fixed_currency.to_owned();
        }
        if let Some(fixed) = self.other_currency() {
            let fault = format!("the names of this preset are in {fixed}");
            errors.push(SettingsError::new(self.currency_setting(), fault));
            self.currency = fixed.to_owned();
        }
        self.labels.retain(|label, name| {
            let fault = label_fault(label, name);
            let setting = || format!("naming.label({label:?}, {name:?})");
            errors.extend(fault.as_ref().map(|fault| SettingsError::new(setting(), fault)));
            fault.is_none()
        });
        let namespace = self.namespace.clone();
        self.families.retain(|name, own| {
            let setting = setting(name, own);
            let Some(family) = canonical().find(|family| family.name == name) else {
                errors.push(SettingsError::new(setting, unknown(name)));
                return false;
            };
            if !own.off.unwrap_or(family.opt_in) {
                let faults = own.take_faults(family, &namespace).into_iter();
                errors.extend(faults.map(|fault| SettingsError::new(&setting, fault)));
            }
            true
        });
        errors
    }

    /// The setting that a family is called so by.
    pub(crate) fn setting(&self, family: &Canonical) -> String {
        match self.families.get(family.name) {
            Some(own) if own.name.is_some() => setting(family.name, own),
            _ if family.money && !self.currency.is_empty() => self.currency_setting(),
            _ if !self.namespace.is_empty() => self.namespace_setting(),
            _ => format!("naming.family({:?})", family.name),
        }
    }

    /// The setting that a label of a family is called so by.
    pub(crate) fn setting_of_label(&self, family: &Canonical, name: &str) -> String {
        let own = self.families.get(family.name).map(|own| &own.labels);
        if own.is_some_and(|labels| labels.values().any(|told| told == name)) {
            return format!("naming.family({:?})", family.name);
        }
        let of_family = |label: &&String| family.labels.iter().any(|of| of.name == **label);
        let told = self.labels.iter().find(|(label, told)| *told == name && of_family(label));
        let label = told.map_or(name, |(label, _)| label);
        format!("naming.label({label:?}, {name:?})")
    }

    /// Whether the name of the family is set.
    pub(crate) fn renames(&self, family: &Canonical) -> bool {
        self.families.get(family.name).is_some_and(|own| own.name.is_some())
    }

    fn namespace_setting(&self) -> String {
        format!("naming.namespace({:?})", self.namespace)
    }

    fn currency_setting(&self) -> String {
        format!("naming.currency({:?})", self.currency)
    }
}

/// As the service wrote it.
fn setting(family: &str, own: &FamilyNaming) -> String {
    let call = if *own == FamilyNaming::new().on() { "on" } else { "family" };
    format!("naming.{call}({family:?})")
}

fn label_fault(label: &str, name: &str) -> Option<String> {
    let labels = || canonical().flat_map(|family| family.labels).map(|label| label.name);
    if !labels().any(|there| there == label) {
        let all: Vec<_> = labels().collect::<BTreeSet<_>>().into_iter().collect();
        return Some(format!("no family has such a label: there are {}", all.join(", ")));
    }
    (!is_label_name(name)).then(|| DefinitionFault::Label(name.to_owned()).to_string())
}

fn unknown(name: &str) -> String {
    let near = canonical().map(|family| family.name).min_by_key(|there| differ(there, name));
    format!("unknown family, did you mean {:?}?", near.unwrap_or_default())
}

/// How many bytes of the longer name are not those of the other, from both ends.
fn differ(one: &str, two: &str) -> usize {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let front = one.bytes().zip(two.bytes()).take_while(same).count();
    let back = one.bytes().rev().zip(two.bytes().rev()).take_while(same).count();
    one.len().max(two.len()) - (front + back).min(one.len()).min(two.len())
}

impl FamilyNaming {
    fn take_faults(&mut self, family: &Canonical, namespace: &str) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(name) = self.name.clone().map(|name| name.resolve(namespace))
            && let Some(fault) = name_fault(family.kind, &name)
        {
            faults.push(format!("name({name:?}): {fault}"));
            self.name = None;
        }
        self.labels.retain(|label, name| {
            let bad = || DefinitionFault::Label(name.clone()).to_string();
            let is_bound = family.kind == Kind::Histogram && name == "le";
            let fault =
                missing(family, label).or_else(|| (is_bound || !is_label_name(name)).then(bad));
            faults.extend(fault.iter().map(|fault| format!("label({label:?}, {name:?}): {fault}")));
            fault.is_none()
        });
        self.shown.retain(|label, shown| {
            let call = if *shown { "with" } else { "without" };
            let fault = missing(family, label);
            faults.extend(fault.iter().map(|fault| format!("{call}({label:?}): {fault}")));
            fault.is_none()
        });
        self.known.retain(|label, values| {
            let fault = missing(family, label).or_else(|| value_fault(family, label, values));
            faults
                .extend(fault.iter().map(|fault| format!("known({label:?}, {values:?}): {fault}")));
            fault.is_none()
        });
        let buckets =
            [("buckets", &mut self.buckets), ("strict_buckets", &mut self.strict_buckets)];
        for (call, bounds) in buckets {
            if let Some(told) = bounds
                && let Some(fault) = bucket_fault(family, told)
            {
                faults.push(format!("{call}({told:?}): {fault}"));
                *bounds = None;
            }
        }
        faults
    }
}

fn name_fault(kind: Kind, name: &str) -> Option<DefinitionFault> {
    if !is_metric_name(name) {
        return Some(DefinitionFault::Name);
    }
    DefinitionFault::of_suffix(kind, name)
}

fn missing(family: &Canonical, label: &str) -> Option<String> {
    if family.labels.iter().any(|there| there.name == label) {
        return None;
    }
    let labels: Vec<_> = family.labels.iter().map(|label| label.name).collect();
    Some(match labels[..] {
        [] => "the family has no labels".to_owned(),
        _ => format!("the family has no such label: there are {}", labels.join(", ")),
    })
}

fn value_fault(family: &Canonical, label: &str, known: &[String]) -> Option<String> {
    let label = family.labels.iter().find(|there| there.name == label)?;
    let LabelValues::Closed(values) = label.values else { return None };
    let bad = known.iter().find(|value| !values.contains(&value.as_str()))?;
    Some(format!("{bad:?} is none of {}", values.join(", ")))
}

fn bucket_fault(family: &Canonical, bounds: &[f64]) -> Option<String> {
    match family.kind {
        Kind::Histogram if family.name == DURATIONS.name => latencies_fault(bounds),
        Kind::Histogram => bounds_fault(bounds),
        _ => Some("only a histogram has buckets".to_owned()),
    }
}
