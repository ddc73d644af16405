//! Which texts of routes are worth to be remembered by their address, per thread.

use std::collections::HashMap;

use obs_core::Route;

use super::StoreId;
use super::kept::KeptText;

/// Of how many routes texts are held at most. Then all are let go: those that last come again.
const LIMIT: usize = 512;
/// How many texts of one route are held: a route normally has one, and several have one name.
const TEXTS: usize = 4;

/// The texts that came last of each route. One that comes again lasts; a router inside of
/// `nest_service` makes a new one for every request, and none of those comes again while it is held.
pub(super) struct Candidates(HashMap<(StoreId, u32), Vec<KeptText>>);

impl Candidates {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Gives the text of a route out if it came before, else holds it.
    pub(super) fn meet(
        &mut self,
        store: StoreId,
        number: u32,
        route: Route<'_>,
    ) -> Option<KeptText> {
        let key = (store, number);
        if self.0.len() >= LIMIT && !self.0.contains_key(&key) {
            self.0.clear();
        }
        let held = self.0.entry(key).or_insert_with(|| Vec::with_capacity(1));
        if let Some(at) = held.iter().position(|text| text.is(route.pattern)) {
            return Some(held.remove(at));
        }
        if held.len() == TEXTS {
            held.remove(0);
        }
        held.push(KeptText::new(route));
        None
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(StoreId) -> bool) {
        self.0.retain(|(store, _), _| keep(*store));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const STORE: StoreId = StoreId(7);

    fn meet(candidates: &mut Candidates, number: u32, text: &Arc<str>) -> Option<KeptText> {
        candidates.meet(STORE, number, Route { pattern: text, owner: text })
    }

    #[test]
    fn only_a_text_that_comes_again_comes_out() {
        let mut candidates = Candidates::new();
        let lasting: Arc<str> = "/orders/{id}".into();
        assert!(meet(&mut candidates, 1, &lasting).is_none());
        for _ in 0..1000 {
            // Equal texts at addresses of their own, or at the one of a text that is gone.
            assert!(meet(&mut candidates, 2, &"/files/{*}".into()).is_none());
        }
        let out = meet(&mut candidates, 1, &lasting);
        assert!(out.is_some_and(|text| text.is(&lasting) && !text.is("/orders/{id}")));
        assert!(meet(&mut candidates, 1, &lasting).is_none(), "it is held no longer");
    }

    #[test]
    fn several_texts_of_one_name_last() {
        let mut candidates = Candidates::new();
        let texts: [Arc<str>; TEXTS] = ["/a", "/b", "/c", "/d"].map(Arc::from);
        for comes_out in [false, true] {
            for text in &texts {
                assert_eq!(meet(&mut candidates, 1, text).is_some(), comes_out, "{text}");
            }
        }
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut candidates = Candidates::new();
        for number in 0..10_000 {
            assert!(meet(&mut candidates, number, &format!("/{number}").into()).is_none());
            assert!(candidates.0.values().map(Vec::len).sum::<usize>() <= LIMIT);
        }
        candidates.retain(|store| store != STORE);
        assert!(candidates.0.is_empty());
    }
}
