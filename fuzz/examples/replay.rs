//! The corpus of the target `exposition`, as promtool reads its text: `replay FOLDER`.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::{env, fs};

use arbitrary::{Arbitrary as _, Unstructured};
use obs_fuzz::Input;

fn main() {
    let folder = env::args().nth(1).expect("replay FOLDER");
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a file");
        let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(&bytes)) else { continue };
        let mut promtool = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("promtool");
        promtool.stdin.take().expect("piped").write_all(input.text().as_bytes()).expect("written");
        let output = promtool.wait_with_output().expect("an end");
        // 3 is a matter of taste: names, units and the like.
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}: {said}", path.display());
        files += 1;
    }
    println!("promtool reads all of {files}");
}
