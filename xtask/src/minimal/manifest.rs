//! The manifests of a workspace with the libraries only, and without what their tests need.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use toml::{Table, Value};

/// Libraries are the members in this folder of the repository whose names begin so.
const LIBRARY: &str = "obs-";

/// What was written.
pub(super) struct Copied {
    /// The names of the libraries.
    pub(super) libraries: Vec<String>,
    /// The lowest Rust that they declare.
    pub(super) rust: String,
}

/// Writes them into `folder`.
pub(super) fn copy(workspace: &Path, folder: &Path) -> Result<Copied> {
    let mut root = read(&workspace.join("Cargo.toml"))?;
    let members = table(&mut root, "workspace")?;
    let libraries = libraries(members)?;
    let rust = members.get("package").and_then(|package| package.get("rust-version"));
    let rust = rust.and_then(Value::as_str).context("no rust-version")?.to_owned();
    members.remove("exclude");
    members.insert("members".to_owned(), libraries.clone().into());
    for library in &libraries {
        let source = workspace.join(library);
        let mut manifest = read(&source.join("Cargo.toml"))?;
        strip(&mut manifest);
        let path = source.join("src/lib.rs").to_str().context("a path is no text")?.to_owned();
        let lib = manifest.entry("lib").or_insert_with(|| Table::new().into());
        lib.as_table_mut().context("[lib] is no table")?.insert("path".to_owned(), path.into());
        write(&folder.join(library), &manifest)?;
    }
    write(folder, &root)?;
    Ok(Copied { libraries, rust })
}

fn libraries(workspace: &Table) -> Result<Vec<String>> {
    let members = workspace.get("members").and_then(Value::as_array).context("no members")?;
    let names = members.iter().filter_map(Value::as_str);
    Ok(names.filter(|name| name.starts_with(LIBRARY)).map(str::to_owned).collect())
}

/// Takes out what only tests need.
fn strip(manifest: &mut Table) {
    for name in ["dev-dependencies", "test", "example", "bench"] {
        manifest.remove(name);
    }
    if let Some(targets) = manifest.get_mut("target").and_then(Value::as_table_mut) {
        let tables = targets.iter_mut().filter_map(|(_, target)| target.as_table_mut());
        tables.for_each(|target| drop(target.remove("dev-dependencies")));
    }
}

fn table<'a>(parent: &'a mut Table, name: &str) -> Result<&'a mut Table> {
    parent.get_mut(name).and_then(Value::as_table_mut).with_context(|| format!("no [{name}]"))
}

fn read(file: &Path) -> Result<Table> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    toml::from_str(&text).with_context(|| file.display().to_string())
}

fn write(folder: &Path, manifest: &Table) -> Result<()> {
    let write = || -> Result<()> {
        fs::create_dir_all(folder)?;
        Ok(fs::write(folder.join("Cargo.toml"), toml::to_string(manifest)?)?)
    };
    write().with_context(|| format!("cannot write a manifest into {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::{libraries, strip};

    #[test]
    fn what_tests_need_is_left_out() {
        let mut manifest = toml::from_str(
            "[dependencies]\na = \"1\"\n[dev-dependencies]\nb = \"1\"\n[[test]]\nname = \"t\"\n\
             [[example]]\nname = \"e\"\n\
             [target.'cfg(unix)'.dependencies]\nc = \"1\"\n[target.'cfg(unix)'.dev-dependencies]\nd = \"1\"",
        )
        .unwrap();
        strip(&mut manifest);
        let expected = "[dependencies]\na = \"1\"\n[target.'cfg(unix)'.dependencies]\nc = \"1\"";
        assert_eq!(manifest, toml::from_str(expected).unwrap());
    }

    #[test]
    fn every_library_of_the_workspace_is_found() {
        let root = super::read(&std::path::Path::new(super::super::WORKSPACE).join("Cargo.toml"));
        let found = libraries(root.unwrap()["workspace"].as_table().unwrap()).unwrap();
        assert!(found.len() >= 10 && found.contains(&"obs-core".to_owned()), "{found:?}");
    }
}
