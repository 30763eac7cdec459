//! Projects of Compose: services and networks of the same name in another one aren't meant.

use std::collections::BTreeSet;

use super::{ActualState, Difference, Expectations};

/// The engines' state with the labels of one project, the one that the picture means. If it doesn't say which, and there
/// are several with its services, that is a difference.
pub(super) fn of_one(
    expected: &Expectations,
    actual: &ActualState,
) -> (ActualState, Option<Difference>) {
    let found = projects(expected, actual);
    let meant = expected.project.as_ref().or(found.first().copied());
    let mut state = actual.clone();
    for machine in &mut state.machines {
        for container in &mut machine.containers {
            if container.compose_project.as_ref() != meant {
                container.compose_service = None;
            }
        }
        for network in &mut machine.networks {
            if network.compose_project.as_ref() != meant {
                network.compose_name = None;
            }
        }
    }
    let ambiguous = expected.project.is_none() && found.len() > 1;
    let difference = ambiguous.then(|| {
        let names: Vec<_> = found.iter().map(|name| format!("`{name}`")).collect();
        Difference {
            about: names.join(" and "),
            message: format!(
                "the projects {} have services of the picture: `name:` in it says which is meant",
                names.join(" and ")
            ),
        }
    });
    (state, difference)
}

/// The projects that have a service of the picture.
fn projects<'a>(expected: &Expectations, actual: &'a ActualState) -> BTreeSet<&'a String> {
    let is_drawn = |service: &String| expected.containers.iter().any(|c| c.name == *service);
    let containers = actual
        .machines
        .iter()
        .flat_map(|machine| &machine.containers);
    containers
        .filter(|container| container.compose_service.as_ref().is_some_and(is_drawn))
        .filter_map(|container| container.compose_project.as_ref())
        .collect()
}
