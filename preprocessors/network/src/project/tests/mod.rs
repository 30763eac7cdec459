//! What a project is read as, held to the real `docker compose config`.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod generate;
mod real;

use std::fs;
use std::path::Path;

use generate::Generated;

/// How many projects are made up.
const PROJECTS: u64 = 400;

fn write(project: &Generated, folder: &Path) {
    for (path, text) in &project.files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn most_made_up_projects_are_taken_by_the_real_compose() {
    let mut refused = Vec::new();
    for seed in 0..PROJECTS {
        let folder = tempfile::tempdir().unwrap();
        let project = generate::project(seed);
        write(&project, folder.path());
        if let Err(why) = real::config(&project, folder.path()) {
            refused.push((seed, why));
        }
    }
    assert!(refused.len() < 80, "{refused:#?}");
}
