//! A real server for error events, as a process that ends with the test.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::tool::Tool;

const BUGSINK: Tool = Tool { package: "bugsink", version: "2.6.1", binary: "bugsink-manage" };
const DEADLINE: Duration = Duration::from_secs(90);

/// A Bugsink of one's own, that takes only what fits the schema of events.
#[derive(Debug)]
pub struct Bugsink {
    server: Child,
    client: Client<HttpConnector, Full<Bytes>>,
    address: String,
    token: String,
    project: String,
    /// The DSN of the only project.
    pub dsn: String,
    _folder: TempDir,
}

impl Bugsink {
    /// `None` if it is not installed.
    pub async fn start(test: &str) -> Option<Self> {
        let bin = BUGSINK.find(test)?;
        let folder = TempDir::new().unwrap();
        let token = prepare(&bin, folder.path());
        let log = folder.path().join("server.log");
        let server = command(&bin, folder.path(), "gunicorn")
            .args(["--no-control-socket", "--bind", "127.0.0.1:0", "--workers", "1"])
            .arg("bugsink.wsgi")
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut bugsink = Self {
            server,
            client: Client::builder(TokioExecutor::new()).build_http(),
            address: String::new(),
            token,
            project: String::new(),
            dsn: String::new(),
            _folder: folder,
        };
        bugsink.address = listening(&log).await;
        bugsink.create_project().await;
        Some(bugsink)
    }

    async fn create_project(&mut self) {
        let team = self.post("teams/", &json!({"name": "team"})).await["id"].clone();
        let project = self.post("projects/", &json!({"name": "shop", "team": team})).await;
        self.project = project["id"].to_string().replace('"', "");
        let project = self.get(&format!("projects/{}/", self.project)).await;
        // It cannot know the port it was given.
        self.dsn =
            project["dsn"].as_str().unwrap().replace("127.0.0.1:1/", &format!("{}/", self.address));
    }

    /// Posts an envelope with this `X-Sentry-Auth`, and gives the status of the answer.
    pub async fn send(&self, url: &str, auth: &str, body: Vec<u8>) -> u16 {
        let request = Request::post(url)
            .header("content-type", "application/x-sentry-envelope")
            .header("x-sentry-auth", auth)
            .body(Full::from(body))
            .unwrap();
        self.client.request(request).await.unwrap().status().as_u16()
    }

    /// Every event that was stored, as it was sent.
    pub async fn events(&self) -> Vec<Value> {
        let mut events = Vec::new();
        let issues = self.get(&format!("issues/?project={}", self.project)).await;
        for issue in issues["results"].as_array().unwrap() {
            let id = issue["id"].as_str().unwrap();
            let of_issue = self.get(&format!("events/?issue={id}")).await;
            for event in of_issue["results"].as_array().unwrap() {
                let id = event["id"].as_str().unwrap();
                events.push(self.get(&format!("events/{id}/")).await["data"].clone());
            }
        }
        events
    }

    async fn get(&self, path: &str) -> Value {
        self.api(Request::get(self.url(path)), Full::default()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = Request::post(self.url(path)).header("content-type", "application/json");
        self.api(request, Full::from(body.to_string())).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/api/canonical/0/{path}", self.address)
    }

    async fn api(&self, request: hyper::http::request::Builder, body: Full<Bytes>) -> Value {
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let uri = request.uri_ref().cloned().unwrap();
        let answer = self.client.request(request.body(body).unwrap()).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(status.is_success(), "{uri}: {status}: {body:?}");
        serde_json::from_slice(&body).unwrap()
    }
}

impl Drop for Bugsink {
    fn drop(&mut self) {
        let pid = i32::try_from(self.server.id()).ok().and_then(Pid::from_raw);
        // Killed, the server would leave its worker behind.
        let asked = pid.is_some_and(|pid| kill_process(pid, Signal::TERM).is_ok());
        if !asked {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// Configuration, database, and a token for the API.
fn prepare(bin: &Path, folder: &Path) -> String {
    run(command(bin, folder, "bugsink-create-conf").args([
        "--template",
        "local",
        "--host",
        "127.0.0.1",
        "--port",
        "1",
        "-o",
        "bugsink_conf.py",
    ]));
    let config = folder.join("bugsink_conf.py");
    let strict = "\nBUGSINK['VALIDATE_ON_DIGEST'] = 'strict'\nBUGSINK['PHONEHOME'] = False\n";
    fs::write(&config, fs::read_to_string(&config).unwrap() + strict).unwrap();
    run(command(bin, folder, "bugsink-manage").arg("migrate"));
    run(command(bin, folder, "bugsink-manage").args(["migrate", "snappea", "--database=snappea"]));
    let output = run(command(bin, folder, "bugsink-manage").arg("create_auth_token"));
    output.lines().last().unwrap().trim().to_owned()
}

fn command(bin: &Path, folder: &Path, program: &str) -> Command {
    let mut command = Command::new(bin.join(program));
    command
        .current_dir(folder)
        .env("DJANGO_SETTINGS_MODULE", "bugsink_conf")
        .env("PYTHONPATH", folder);
    command
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// The address that the server's log names.
async fn listening(log: &Path) -> String {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let text = fs::read_to_string(log).unwrap();
        let after = text.split_once("Listening at: http://").map(|(_, after)| after);
        if let Some((address, _)) = after.and_then(|after| after.split_once(' ')) {
            return address.to_owned();
        }
        assert!(Instant::now() < deadline, "Bugsink does not listen: {text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
