//! Runs the scenarios against one subject.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::FutureExt as _;
use futures_util::future::join_all;

use crate::differences::{self, Difference};
use crate::drive::{Answer, Outgoing, in_flight};
use crate::judge::{self, Delta};
use crate::process::{Process, Samples, Told};
use crate::scenario::{RequestId, Scenario, Version};
use crate::{Api, Subject};

/// How long the numbers may take to settle after the client is done: longer than the slowest handler.
const SETTLED_WITHIN: Duration = Duration::from_secs(3);
/// How often they are looked at until then.
const AGAIN: Duration = Duration::from_millis(2);

/// A scenario over one version of HTTP.
pub(crate) struct Test {
    pub(crate) api: Api,
    pub(crate) scenario: Scenario,
    pub(crate) version: Version,
}

/// What its requests did.
pub(crate) struct Ran {
    pub(crate) requests: Vec<Request>,
    pub(crate) delta: Delta,
}

/// One request, and its answer.
pub(crate) struct Request {
    pub(crate) number: usize,
    /// Under which the signals know it.
    pub(crate) id: String,
    pub(crate) answer: Answer,
}

/// A test and what is wrong.
pub(crate) struct Verdict {
    pub(crate) name: String,
    pub(crate) findings: Vec<String>,
}

impl Test {
    pub(crate) fn all(
        subject: &Subject,
        differences: &[Difference],
        filter: Option<&str>,
    ) -> Result<Vec<Self>> {
        let ours = differences::of(differences, subject)?;
        let scenarios = Scenario::all(subject.api, &ours)?;
        let tests = scenarios.into_iter().flat_map(|scenario| {
            let test = |version: &Version| Self {
                api: subject.api,
                scenario: scenario.clone(),
                version: *version,
            };
            scenario.over.iter().map(test).collect::<Vec<_>>()
        });
        let wanted = |test: &Self| filter.is_none_or(|filter| test.name().contains(filter));
        Ok(tests.filter(wanted).collect())
    }

    pub(crate) fn name(&self) -> String {
        format!("{}, HTTP/{}", self.scenario.name, self.version.as_str())
    }

    async fn run(&self, process: &Process, index: usize) -> Result<Ran> {
        let before = process.scrape().await;
        let outgoing: Vec<_> = (1..=self.scenario.times)
            .map(|n| Outgoing::new(&self.scenario, self.api, format!("t{index}-{n}"), n))
            .collect();
        let answers =
            outgoing.iter().map(|it| it.send(process, self.version, self.scenario.client));
        let answers = join_all(answers).await;
        let after = self.settled(process, &before).await;
        let requests = outgoing.iter().zip(answers).zip(1..).map(|((outgoing, answer), number)| {
            let answer = answer.with_context(|| format!("request {number}"))?;
            let id = match self.scenario.request_id {
                RequestId::Replaced => answer.header("x-request-id").unwrap_or_default().to_owned(),
                _ => outgoing.id.clone(),
            };
            Ok(Request { number, id, answer })
        });
        Ok(Ran { requests: requests.collect::<Result<_>>()?, delta: judge::delta(&before, &after) })
    }

    /// The numbers once they do not change any more.
    async fn settled(&self, process: &Process, before: &Samples) -> Samples {
        let expected = judge::expected_delta(&self.scenario);
        let deadline = Instant::now() + SETTLED_WITHIN;
        let mut last = Delta::new();
        loop {
            let after = process.scrape().await;
            let delta = judge::delta(before, &after);
            let over = in_flight(&after) == 0.0;
            // As expected, or all there in another way: that will not change any more either.
            let all = delta == last && judge::requests(&delta) >= judge::requests(&expected);
            let settled = over && (delta == expected || all && !delta.is_empty());
            if settled || Instant::now() > deadline {
                return after;
            }
            last = delta;
            tokio::time::sleep(AGAIN).await;
        }
    }
}

/// What comes of `running`; a client that cannot go on panics.
pub(crate) async fn caught<T>(running: impl Future<Output = Result<T>>) -> Result<T> {
    let caught = AssertUnwindSafe(running).catch_unwind().await;
    caught.unwrap_or_else(|_| bail!("the suite could not go on, see above"))
}

/// Runs all tests, one after the other, and judges them when everything is delivered.
pub(crate) async fn run(subject: &Subject, tests: &[Test]) -> Result<Vec<Verdict>> {
    let process = Process::start(subject, None).await?;
    let mut ran = Vec::new();
    for (index, test) in tests.iter().enumerate() {
        ran.push(test.run(&process, index).await);
    }
    let left = process.scrape().await;
    let told = process.stop().await.with_context(|| format!("the service of {}", subject.name))?;
    let mut verdicts = judged(tests, &ran, &told);
    verdicts.push(judge::end(&ran, &told, &left));
    Ok(verdicts)
}

/// What the suite sees of this fault first; `None` if nothing.
pub(crate) async fn first_finding(
    subject: &Subject,
    tests: &[Test],
    mutant: &str,
) -> Result<Option<Verdict>> {
    let process = Process::start(subject, Some(mutant)).await?;
    let mut ran = Vec::new();
    for (index, test) in tests.iter().enumerate() {
        let one = test.run(&process, index).await;
        let findings = match &one {
            Ok(one) => judge::series(&test.scenario, &one.delta),
            Err(error) => vec![format!("{error:#}")],
        };
        if !findings.is_empty() {
            return Ok(Some(Verdict { name: test.name(), findings }));
        }
        ran.push(one);
    }
    let told = process.stop().await?;
    let verdicts = judged(tests, &ran, &told);
    ensure!(verdicts.len() == tests.len(), "not every test was judged");
    Ok(verdicts.into_iter().find(|verdict| !verdict.findings.is_empty()))
}

fn judged(tests: &[Test], ran: &[Result<Ran>], told: &Told) -> Vec<Verdict> {
    let verdicts = tests.iter().zip(ran).map(|(test, ran)| Verdict {
        name: test.name(),
        findings: match ran {
            Ok(ran) => judge::test(test, ran, told),
            Err(error) => vec![format!("{error:#}")],
        },
    });
    verdicts.collect()
}
