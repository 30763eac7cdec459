//! Exercises: which session checks one, and which sessions solve it.

use std::collections::BTreeMap;

use seaworthy_blocks::{Fault, FaultCode};

use crate::{SessionStep, Step};

/// An exercise: a check that fails before the solution and passes after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// Its id, as the author gave it.
    pub id: String,
    /// The session that checks it, as an index into the page's steps.
    pub check: usize,
    /// The sessions that solve it, in order; at least one, all after the check.
    pub solutions: Vec<usize>,
}

/// The exercises of a page in the order of their checks, and every fault in how they are put together.
/// `fence` gives where a session's fence stands.
pub(crate) fn collect(steps: &[Step]) -> (Vec<Exercise>, Vec<Fault>) {
    let mut exercises: Vec<Exercise> = Vec::new();
    let mut early: BTreeMap<&str, &SessionStep> = BTreeMap::new();
    let mut faults = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let Step::Session(step) = step else { continue };
        if let Some(id) = &step.attributes.check {
            if exercises.iter().any(|exercise| exercise.id == *id) {
                let message = format!("a second check for the exercise `{id}`");
                faults.push(fault(step, message).help(
                    "an exercise has one check: put its commands into one session, or choose another id",
                ));
                continue;
            }
            if let Some(solution) = early.get(id.as_str()) {
                let message = format!("the check of the exercise `{id}` stands below its solution");
                let line = solution.place.line;
                faults.push(fault(step, message).help(format!(
                    "move it above the solution in line {line}: it is run before the solution and after it"
                )));
                continue;
            }
            exercises.push(Exercise {
                id: id.clone(),
                check: at,
                solutions: Vec::new(),
            });
        }
        if let Some(id) = &step.attributes.solution {
            match exercises.iter_mut().find(|exercise| exercise.id == *id) {
                Some(exercise) => exercise.solutions.push(at),
                None => {
                    early.entry(id).or_insert(step);
                }
            }
        }
    }
    for (id, step) in early {
        let checked =
            |s: &Step| matches!(s, Step::Session(s) if s.attributes.check.as_deref() == Some(id));
        if !steps.iter().any(checked) {
            let message = format!("no session checks the exercise `{id}`");
            let help = format!("write a session with `check={id}` above its solution");
            faults.push(fault(step, message).help(help));
        }
    }
    for exercise in exercises.iter().filter(|e| e.solutions.is_empty()) {
        if let Step::Session(step) = &steps[exercise.check] {
            let id = &exercise.id;
            let message = format!("the exercise `{id}` has no solution");
            faults.push(fault(step, message).help(format!(
                "write a session with `solution={id}` below it: only a solution shows that the check can pass"
            )));
        }
    }
    (exercises, faults)
}

fn fault(step: &SessionStep, message: String) -> Fault {
    Fault::error(FaultCode::InvalidExercise, step.fence.clone(), message)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::tests::Files;
    use crate::{BookSettings, Page};

    fn load(text: &'static str) -> Result<Page, Vec<String>> {
        let files = Files([("src/a.md", text)].into());
        Page::load(Path::new("src/a.md"), &files, &BookSettings::default()).map_err(|found| {
            found
                .iter()
                .map(|d| format!("{} {}", d.line(), d.fault.message))
                .collect()
        })
    }

    #[test]
    fn a_check_and_its_solutions() {
        let page = load(
            "```console,check=one\n$ a\n```\n\n```console\n$ x\n```\n\n```console,solution=one\n$ b\n```\n\n```console,solution=one\n$ c\n```\n",
        )
        .unwrap();
        assert_eq!(
            page.exercises,
            [Exercise {
                id: "one".into(),
                check: 0,
                solutions: vec![2, 3],
            }]
        );
    }

    #[test]
    fn a_check_is_only_as_old_as_its_solution() {
        let prints = |solution: &str| {
            let text = format!(
                "```console,check=one\n$ a\n```\n\n```console,solution=one\n$ {solution}\n```\n\n```console\n$ c\n```\n"
            );
            let page = load(text.leak()).unwrap();
            let all = page.sessions().map(|s| s.fingerprint.clone());
            all.collect::<Vec<_>>()
        };
        let (before, after) = (prints("b"), prints("B"));
        for (i, (before, after)) in before.iter().zip(&after).enumerate() {
            assert_ne!(before, after, "session {i}");
        }
    }

    #[test]
    fn faults() {
        for (text, said) in [
            (
                "```console,check=a\n$ a\n```\n",
                "1 the exercise `a` has no solution",
            ),
            (
                "```console,solution=a\n$ a\n```\n",
                "1 no session checks the exercise `a`",
            ),
            (
                "```console,solution=a\n$ b\n```\n\n```console,check=a\n$ a\n```\n",
                "5 the check of the exercise `a` stands below its solution",
            ),
            (
                "```console,check=a\n$ a\n```\n\n```console,check=a\n$ a\n```\n\n```console,solution=a\n$ b\n```\n",
                "5 a second check for the exercise `a`",
            ),
            (
                "```console,check=a,solution=a\n$ a\n```\n",
                "1 a session can't check an exercise and solve one",
            ),
            (
                "```console,check=a,hidden\n$ a\n```\n\n```console,solution=a\n$ b\n```\n",
                "1 a learner can't run a check that is hidden",
            ),
            (
                "```console,check=\"a b\"\n$ a\n```\n",
                "1 `check` needs an id",
            ),
        ] {
            assert!(
                load(text).unwrap_err().iter().any(|f| f == said),
                "{said}: {:?}",
                load(text)
            );
        }
    }
}
