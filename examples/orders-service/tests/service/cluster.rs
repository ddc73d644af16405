//! A throw-away PostgreSQL.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// Stopped and removed when dropped.
pub(crate) struct Cluster {
    programs: PathBuf,
    /// PostgreSQL refuses to run as root.
    run_as: Option<&'static str>,
    files: TempDir,
    port: u16,
}

impl Cluster {
    /// `None` if PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        let mut cluster = Self {
            programs: programs()?,
            run_as: (output("id", &["-u"]) == "0").then(unprivileged),
            files: tempfile::Builder::new().prefix("pg-").tempdir().unwrap(),
            port: 0,
        };
        if let Some(user) = cluster.run_as {
            let directory = cluster.files.path().to_str().unwrap();
            output("chown", &[user, directory]);
        }
        let data = cluster.data();
        let init = ["-D", &data, "-A", "trust", "-U", "postgres", "--no-sync", "--no-locale"];
        assert!(cluster.run("initdb", &init), "initdb failed");
        // Somebody else may take the port between asking for it and using it.
        let listens = (0..3).any(|_| cluster.listen_on(free_port()));
        assert!(listens, "PostgreSQL does not start: {}", cluster.log());
        Some(cluster)
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn listen_on(&mut self, port: u16) -> bool {
        self.port = port;
        let (data, log) = (self.data(), self.log_file());
        let options =
            format!("-p {port} -h 127.0.0.1 -F -c unix_socket_directories= -c shared_buffers=16MB");
        let log = log.to_str().unwrap();
        self.run("pg_ctl", &["-D", &data, "-w", "-t", "20", "-l", log, "-o", &options, "start"])
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let program = self.programs.join(program);
        let mut command = match self.run_as {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        // The server must not hold pipes of the test runner.
        let command = command.args(arguments).current_dir(self.files.path()).stdout(Stdio::null());
        command.stderr(Stdio::null()).status().unwrap().success()
    }

    fn data(&self) -> String {
        self.files.path().join("data").to_str().unwrap().to_owned()
    }

    fn log_file(&self) -> PathBuf {
        self.files.path().join("log")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-m", "immediate", "stop"]);
    }
}

/// Where `initdb` is: on the path, or where Debian puts it.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = versions.flatten().map(|version| version.path().join("bin"));
    env::split_paths(&path)
        .chain(debian)
        .find(|directory| directory.join("initdb").is_file())
        .map(|directory| real(&directory.join("initdb")))
}

/// The directory behind a link to `initdb`: its neighbours need not be linked as well.
fn real(initdb: &Path) -> PathBuf {
    let initdb = initdb.canonicalize().unwrap();
    initdb.parent().unwrap().to_owned()
}

fn unprivileged() -> &'static str {
    if output("id", &["-u", "postgres"]).is_empty() { "nobody" } else { "postgres" }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
