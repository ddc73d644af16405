//! The real Prometheus and promtool, as processes that end with the test.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::exposition::{Exemplar, Series};
use super::target::Target;

/// For start, discovery (5 s) and a scrape on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Prometheus {
    process: Child,
    address: SocketAddr,
    folder: TempDir,
}

/// What is scraped.
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
}

impl Job {
    /// Called as the path.
    fn of(target: &Target, path: &str) -> Self {
        let name = path.trim_matches('/').to_owned();
        Self { name, address: target.address, path: path.to_owned() }
    }
}

/// Says which version of `tool` the test uses. `false`: it is not there, skip the test.
fn found(tool: &str, test: &str) -> bool {
    let Ok(output) = Command::new(tool).arg("--version").output() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{test} needs {tool}");
        eprintln!("SKIPPED: {test} needs prometheus: apt-get install prometheus");
        return false;
    };
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let version = text.split_once("version ").expect("no version").1;
    let version: String = version.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    eprintln!("backend: {tool} {version}");
    true
}

impl Prometheus {
    /// Starts one that scrapes `target` on every path of `jobs`. `None`: it is not installed.
    pub(crate) async fn start(
        test: &str,
        flags: &[&str],
        target: &Target,
        jobs: &[&str],
    ) -> Option<Self> {
        let jobs: Vec<_> = jobs.iter().map(|path| Job::of(target, path)).collect();
        Self::scraping(test, flags, &jobs).await
    }

    /// Starts one that has these jobs. `None`: it is not installed.
    pub(crate) async fn scraping(test: &str, flags: &[&str], jobs: &[Job]) -> Option<Self> {
        if !found("prometheus", test) {
            return None;
        }
        let deadline = Instant::now() + PATIENCE;
        // Somebody else may take the port in between: then it ends, and another one is tried.
        loop {
            let mut prometheus = Self::spawn(flags, jobs);
            while prometheus.process.try_wait().unwrap().is_none() {
                if prometheus.get("/-/ready").await.is_some() {
                    return Some(prometheus);
                }
                assert!(Instant::now() < deadline, "{}", prometheus.log());
                sleep(Duration::from_millis(50)).await;
            }
            assert!(Instant::now() < deadline, "{}", prometheus.log());
        }
    }

    fn spawn(flags: &[&str], jobs: &[Job]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config =
            "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n".to_owned();
        for Job { name, address, path } in jobs {
            writeln!(
                config,
                "- {{job_name: {name}, metrics_path: {path}, static_configs: [{{targets: ['{address}']}}]}}",
            )
            .unwrap();
        }
        let file = folder.path().join("prometheus.yml");
        fs::write(&file, config).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("tsdb").display()))
            .arg(format!("--web.listen-address={address}"))
            .args(flags)
            .stdout(Stdio::null())
            .stderr(File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        Self { process, address, folder }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    async fn get(&self, path: &str) -> Option<Bytes> {
        let stream = TcpStream::connect(self.address).await.ok()?;
        let (mut client, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        tokio::spawn(connection);
        let request = Request::get(path)
            .header(header::HOST, self.address.to_string())
            .body(Empty::<Bytes>::new())
            .unwrap();
        let response = client.send_request(request).await.ok()?;
        let fine = response.status().is_success();
        let body = response.into_body().collect().await.ok()?.to_bytes();
        fine.then_some(body)
    }

    async fn api(&self, path: &str) -> Value {
        let body = self.get(path).await.unwrap_or_else(|| panic!("{path}"));
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer["status"], "success", "{answer}");
        answer["data"].clone()
    }

    /// Waits until `job` was scraped without a complaint: `up` comes with the scrape's samples.
    pub(crate) async fn wait_until_up(&self, job: &str) {
        let deadline = Instant::now() + PATIENCE;
        let up = format!("up{{job=\"{job}\"}}");
        loop {
            let values: Vec<f64> = self.query(&up).await.into_values().collect();
            if values == [1.0] {
                return;
            }
            let waiting = values.is_empty() && Instant::now() < deadline;
            if !waiting {
                let targets = self.api("/api/v1/targets?state=active").await;
                panic!("{up}: {values:?} {targets:#}\n{}", self.log());
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The present value of every series that `query` selects, without `job` and `instance`.
    pub(crate) async fn query(&self, query: &str) -> BTreeMap<Series, f64> {
        let data = self.api(&format!("/api/v1/query?query={}", percent(query))).await;
        let results = data["result"].as_array().unwrap();
        let values = results.iter().map(|one| {
            let value = one["value"][1].as_str().unwrap();
            (series(&one["metric"]), value.parse().unwrap())
        });
        let values: BTreeMap<_, _> = values.collect();
        assert_eq!(values.len(), results.len(), "a series twice");
        values
    }

    /// The exemplars that are stored for the series of `query`.
    pub(crate) async fn exemplars(&self, query: &str) -> BTreeMap<Series, Exemplar> {
        let data = self.api(&format!("/api/v1/query_exemplars?query={}", percent(query))).await;
        let mut all = BTreeMap::new();
        for one in data.as_array().unwrap() {
            for exemplar in one["exemplars"].as_array().unwrap() {
                let labels = serde_json::from_value(exemplar["labels"].clone()).unwrap();
                let value = exemplar["value"].as_str().unwrap().parse().unwrap();
                let at = exemplar["timestamp"].as_f64().unwrap();
                let exemplar = Exemplar { labels, value, at };
                all.insert(series(&one["seriesLabels"]), exemplar);
            }
        }
        all
    }

    /// Type and help text of every family of `job`, as the last scrape told them.
    pub(crate) async fn metadata(&self, job: &str) -> BTreeMap<String, (String, String)> {
        let target = percent(&format!("{{job=\"{job}\"}}"));
        let data = self.api(&format!("/api/v1/targets/metadata?match_target={target}")).await;
        let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        let families = data.as_array().unwrap().iter();
        families.map(|one| (text(one, "metric"), (text(one, "type"), text(one, "help")))).collect()
    }

    /// Every series that `/api/v1/series` lists for `selector`.
    pub(crate) async fn series(&self, selector: &str) -> Vec<Series> {
        let data = self.api(&format!("/api/v1/series?match[]={}", percent(selector))).await;
        let mut all: Vec<_> = data.as_array().unwrap().iter().map(series).collect();
        all.sort();
        all
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn series(labels: &Value) -> Series {
    let mut labels: BTreeMap<String, String> = serde_json::from_value(labels.clone()).unwrap();
    labels.remove("job");
    labels.remove("instance");
    (labels.remove("__name__").unwrap_or_default(), labels)
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02X}").unwrap();
        out
    })
}

/// What `promtool check metrics` complains of. `None`: it is not installed.
pub(crate) fn promtool_check(test: &str, text: &str) -> Option<Result<(), String>> {
    if !found("promtool", test) {
        return None;
    }
    let mut process = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = process.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    let clean = output.status.success() && said.is_empty();
    Some(clean.then_some(()).ok_or(said))
}
