//! One series written by one thread and by two, each on a CPU of its own: nanoseconds per operation.
//! A line for each library and operation: `LIBRARY/OPERATION` and the medians and the least of one
//! thread and of two.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use obs_peers::Library;
use obs_store_benches::{Bench, Operation};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use rustix::time::{ClockId, clock_gettime};

const OPERATIONS: [Operation; 6] = [
    Operation::RedRecord,
    Operation::CounterDynamic,
    Operation::CounterClosed,
    Operation::CounterHandle,
    Operation::HistogramClosed,
    Operation::HistogramHandle,
];
/// Shorter than a time slice, so that most rounds are undisturbed; much longer than the threads are
/// apart when they start.
const BATCH: Duration = Duration::from_millis(1);
const ROUNDS: usize = 51;
/// A round in which a thread had to wait for its CPU says nothing, and on a busy machine that is most
/// of them. After this time fewer rounds will do.
const PATIENCE: Duration = Duration::from_secs(60);
const LEAST: usize = 5;

struct Row {
    name: String,
    bench: Bench,
    times: u32,
    one: Vec<f64>,
    two: Vec<f64>,
}

fn main() -> Result<(), String> {
    let cpus = cpus()?;
    pin(cpus[0]);
    let mut rows: Vec<Row> = OPERATIONS
        .into_iter()
        .flat_map(|operation| Library::ALL.map(|library| (library, operation)))
        .filter_map(|(library, operation)| {
            let bench = library.bench(operation)?;
            let times = batch(&bench);
            let name = format!("{}/{}", library.name(), operation.name());
            Some(Row { name, bench, times, one: Vec::new(), two: Vec::new() })
        })
        .collect();
    // Interleaved: whatever else the machine does meets all rows.
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        for row in &mut rows {
            for (threads, into) in [(&cpus[..1], &mut row.one), (&cpus[..], &mut row.two)] {
                if into.len() < ROUNDS {
                    into.extend(round(&row.bench, row.times, threads));
                }
            }
        }
        if rows.iter().all(|row| row.one.len() == ROUNDS && row.two.len() == ROUNDS) {
            break;
        }
    }
    for Row { name, mut one, mut two, .. } in rows {
        if one.len() < LEAST || two.len() < LEAST {
            return Err(format!(
                "{name}: the machine is too busy, too few rounds were undisturbed"
            ));
        }
        one.sort_by(f64::total_cmp);
        two.sort_by(f64::total_cmp);
        let (one_median, two_median) = (one[one.len() / 2], two[two.len() / 2]);
        println!("{name} {one_median:.2} {two_median:.2} {:.2} {:.2}", one[0], two[0]);
    }
    Ok(())
}

/// The first two that this process may use.
fn cpus() -> Result<[usize; 2], String> {
    let allowed = sched_getaffinity(None).map_err(|error| error.to_string())?;
    let mut cpus = (0..CpuSet::MAX_CPU).filter(|cpu| allowed.is_set(*cpu));
    let both = cpus.next().zip(cpus.next());
    both.map(|(first, second)| [first, second]).ok_or_else(|| "this needs two CPUs".to_owned())
}

fn pin(cpu: usize) {
    let mut set = CpuSet::new();
    set.set(cpu);
    sched_setaffinity(None, &set).expect("the CPU is allowed");
}

/// How often an operation fits into a batch.
fn batch(bench: &Bench) -> u32 {
    let mut times = 1000;
    loop {
        let start = Instant::now();
        bench.run(times);
        let took = start.elapsed();
        if took >= BATCH / 4 {
            let fitting = f64::from(times) * BATCH.as_secs_f64() / took.as_secs_f64();
            return fitting as u32;
        }
        times *= 2;
    }
}

/// Nanoseconds per operation and thread of one batch; `None` if a thread had to wait for its CPU, or
/// for the other one to end.
fn round(bench: &Bench, times: u32, cpus: &[usize]) -> Option<f64> {
    let waiting = AtomicU32::new(cpus.len() as u32);
    let runs: Vec<Run> = thread::scope(|scope| {
        let threads: Vec<_> =
            cpus.iter().map(|cpu| scope.spawn(|| run(bench, times, *cpu, &waiting))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no operation panics")).collect()
    });
    let first = runs.iter().map(|run| run.start).min()?;
    let undisturbed = |run: &Run| {
        let apart = run.start - first;
        apart < run.wall / 20 && run.wall < run.cpu + run.cpu / 20
    };
    let cpu: Duration = runs.iter().map(|run| run.cpu).sum();
    let each = cpu.as_secs_f64() * 1e9 / f64::from(times) / runs.len() as f64;
    runs.iter().all(undisturbed).then_some(each)
}

/// What a thread did in a round.
struct Run {
    start: Instant,
    wall: Duration,
    cpu: Duration,
}

fn run(bench: &Bench, times: u32, cpu: usize, waiting: &AtomicU32) -> Run {
    pin(cpu);
    // What the thread's first operation sets up is not what is asked for.
    bench.run(100);
    waiting.fetch_sub(1, Ordering::AcqRel);
    while waiting.load(Ordering::Acquire) > 0 {
        std::hint::spin_loop();
    }
    let (start, before) = (Instant::now(), cpu_time());
    bench.run(times);
    Run { start, wall: start.elapsed(), cpu: cpu_time().saturating_sub(before) }
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
