use super::{BuiltIn, Home, canonical};
use crate::naming::{Canonical, Named};
use crate::{DefinitionFault, FamilyDefinition, SettingsError};

impl BuiltIn {
    /// What the families cannot have together, once each of their names is sound; every family is
    /// looked at, used or not.
    pub(crate) fn faults(&self) -> Vec<SettingsError> {
        let mut there = Vec::new();
        let mut faults: Vec<SettingsError> = Vec::new();
        for family in canonical() {
            let Some(named) = self.home.naming.resolve(family) else { continue };
            let fault = match self.home.shown(family, &named) {
                Ok(new) => match self.home.taken(family, &new, &there) {
                    Some(fault) => fault,
                    None => {
                        there.push((family, new));
                        continue;
                    }
                },
                Err(fault) => self.home.impossible(family, &named, &fault),
            };
            // A label that is renamed everywhere is at fault once.
            if !faults.iter().any(|earlier| earlier.setting == fault.setting) {
                faults.push(fault);
            }
        }
        faults
    }
}

impl Home {
    fn taken(
        &self,
        family: &'static Canonical,
        new: &FamilyDefinition,
        there: &[(&'static Canonical, FamilyDefinition)],
    ) -> Option<SettingsError> {
        if self.families.reserved(&new.head()).is_some() {
            let fault = "a built-in family has this name, or a series of this name";
            let fault = format!("{:?}: {fault}", new.name);
            return Some(SettingsError::new(self.naming.setting(family), fault));
        }
        let (other, _) = there.iter().find(|(_, there)| there.excludes(new))?;
        // Whichever was given the name.
        let (renamed, other) =
            if self.naming.renames(family) { (family, *other) } else { (*other, family) };
        let fault = format!("{:?}: {} has the name, or that of a series", new.name, other.name);
        Some(SettingsError::new(self.naming.setting(renamed), fault))
    }

    fn impossible(
        &self,
        family: &Canonical,
        named: &Named,
        fault: &DefinitionFault,
    ) -> SettingsError {
        let label = match fault {
            DefinitionFault::Label(label) | DefinitionFault::LabelTwice(label) => label,
            _ => return SettingsError::new(self.naming.setting(family), fault),
        };
        let setting = self.naming.setting_of_label(family, label);
        SettingsError::new(setting, format!("{}: {fault}", named.name))
    }
}
