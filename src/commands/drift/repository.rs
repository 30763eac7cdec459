//! The git repository that a book is in: what drifted is committed there, on a branch of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::error::{Explain, Result, SystemError, Usage};

/// A book's repository.
pub(super) struct Repository {
    /// The book's folder.
    root: PathBuf,
}

impl Repository {
    /// The repository of the book at `root`.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn of(root: &Path) -> Result<Self> {
        let repository = Self {
            root: root.to_path_buf(),
        };
        let inside = repository.git(["rev-parse", "--is-inside-work-tree"])?;
        if !inside.status.success() {
            return Err(Usage(format!(
                "`{}` isn't in a git repository: `drift` puts what changed on a branch; `seaworthy check` and `accept` work without",
                root.display()
            ))
            .into());
        }
        Ok(repository)
    }

    /// Makes sure that nothing is changed and not committed: it would get onto the branch, too.
    ///
    /// # Errors
    /// With the files that are.
    pub(super) fn refuse_changes(&self) -> Result<()> {
        let changed = self.ask(["status", "--porcelain", "--untracked-files=no"])?;
        if changed.is_empty() {
            return Ok(());
        }
        Err(Usage(format!(
            "there are changes that aren't committed: commit them, or put them aside with `git stash`\n{}",
            changed.trim_end()
        ))
        .into())
    }

    /// Makes sure that `branch` can be made.
    ///
    /// # Errors
    /// If there is one of that name, or it is no name.
    pub(super) fn refuse_branch(&self, branch: &str) -> Result<()> {
        if !self
            .git(["check-ref-format", "--branch", branch])?
            .status
            .success()
        {
            return Err(Usage(format!("`{branch}` can't be the name of a branch")).into());
        }
        let name = format!("refs/heads/{branch}");
        let there = self.git(["rev-parse", "--verify", "--quiet", &name])?;
        if there.status.success() {
            return Err(Usage(format!(
                "there is a branch `{branch}` already: remove it, or name another with `--branch`"
            ))
            .into());
        }
        Ok(())
    }

    /// Makes sure that git knows whose commit it will be: that isn't found out after all has been run.
    ///
    /// # Errors
    /// If it doesn't.
    pub(super) fn refuse_nobody(&self) -> Result<()> {
        if self.git(["var", "GIT_COMMITTER_IDENT"])?.status.success() {
            return Ok(());
        }
        Err(Usage(
            "git doesn't know whose commit it will be: say so with `git config user.name` and `git config user.email`"
                .to_owned(),
        )
        .into())
    }

    /// Makes `branch` and commits `files` there, with `story` as the message.
    ///
    /// # Errors
    /// What git says.
    pub(super) fn commit(&self, branch: &str, files: &[String], story: &str) -> Result<()> {
        self.ask(["switch", "--quiet", "--create", branch])?;
        let mut arguments = vec!["commit", "--quiet", "--message", story, "--"];
        arguments.extend(files.iter().map(String::as_str));
        self.ask(arguments).map(|_| ())
    }

    /// Pushes `branch` to `remote`, with `options` for its server.
    ///
    /// # Errors
    /// What git says.
    pub(super) fn push(&self, remote: &str, branch: &str, options: &[String]) -> Result<()> {
        let options = options
            .iter()
            .map(|option| format!("--push-option={option}"));
        let mut arguments = vec!["push".to_owned(), "--quiet".to_owned()];
        arguments.extend(options);
        arguments.extend([
            "--".to_owned(),
            remote.to_owned(),
            format!("refs/heads/{branch}"),
        ]);
        self.ask(arguments).map(|_| ())
    }

    /// What git prints.
    fn ask<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Result<String> {
        let output = self.git(arguments)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(SystemError {
            doing: "git refuses".to_owned(),
            why: said.trim().to_owned(),
        }
        .into())
    }

    fn git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Result<Output> {
        let mut git = Command::new("git");
        git.args(arguments)
            .current_dir(&self.root)
            .stdin(Stdio::null());
        // A hook's environment names its own repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            git.env_remove(name);
        }
        Ok(git.output().or_usage(|| "can't run `git`".to_owned())?)
    }
}
