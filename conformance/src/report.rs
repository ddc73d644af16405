//! What is printed.

use std::fmt;

use console::style;

use crate::suite::Verdict;

/// So many findings of one test are printed.
const MOST: usize = 12;

#[derive(Default)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Count {
    pub(crate) fn add(&mut self, passed: bool) {
        *(if passed { &mut self.passed } else { &mut self.failed }) += 1;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Prints a verdict; gives whether it passed.
pub(crate) fn print(Verdict { name, findings }: &Verdict) -> bool {
    if findings.is_empty() {
        println!("  {}      {name}", style("ok").green());
        return true;
    }
    println!("  {}  {name}", style("FAILED").red());
    findings.iter().take(MOST).for_each(|finding| println!("            {finding}"));
    if findings.len() > MOST {
        println!("            and {} more", findings.len() - MOST);
    }
    false
}
