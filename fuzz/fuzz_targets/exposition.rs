//! Whatever sources show, strict readers accept every format, and all say the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use obs_fuzz::Input;

fuzz_target!(|input: Input| input.check());
