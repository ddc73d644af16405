use std::panic::Location;

use super::{BuiltIn, canonical};
use crate::{DefinitionError, DefinitionFault, FamilyDefinition};

impl BuiltIn {
    /// Why families cannot be as the naming wants them; every one, used or not.
    pub(crate) fn faults(&self, place: &'static Location<'static>) -> Vec<DefinitionError> {
        let mut there = Vec::new();
        let named =
            canonical().filter_map(|family| Some((family, self.home.naming.resolve(family)?)));
        named
            .filter_map(|(family, named)| {
                let shown = self.home.shown(family, &named);
                let fault = match shown.and_then(|new| self.fit(new, &there)) {
                    Ok(new) => {
                        there.push(new);
                        return None;
                    }
                    Err(fault) => fault,
                };
                Some(DefinitionError { family: named.name, place, fault })
            })
            .collect()
    }

    fn fit(
        &self,
        new: FamilyDefinition,
        there: &[FamilyDefinition],
    ) -> Result<FamilyDefinition, DefinitionFault> {
        if let Some(name) = self.home.families.reserved(&new.head()) {
            return Err(DefinitionFault::Reserved(name));
        }
        match there.iter().find(|there| there.excludes(&new)) {
            Some(there) => {
                let (new, there) = (Box::new(new), Box::new(there.clone()));
                Err(DefinitionFault::Conflict { new, there })
            }
            None => Ok(new),
        }
    }
}
