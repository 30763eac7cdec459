//! Making machine images, through the engine's API alone: nothing is needed of the caller's computer. Enter with
//! [`Run::build`]; [`pull`] brings one that was made elsewhere, [`state`] says what there is.
//!
//! A build makes the image under a name of its run's, which goes with the run; it is tried out in a machine, and only then
//! has the name that pages' machines are started by. Whatever else the build makes bears the run's labels.

use super::liveness::lock_file;
use super::recipe::{self, Recipe};
use super::{HOME, MachineError, MachineOptions, Machines, Run};
use crate::engine::{Command, Engine, EngineError, Image, labels};
use seaworthy_words::Reference;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// The repository of images that are being tried out; the tag is the id of their run.
pub(super) const TRIAL_REPOSITORY: &str = "seaworthy/machine-trial";
/// What `lib/rootfs` says begins so.
const STEP: &str = "rootfs: ";
/// How many lines of a build that fails are told.
const LAST_LINES: usize = 15;
/// How long a trial may take. It takes some five seconds.
const TRIAL_TIME: Duration = Duration::from_secs(120);

/// A machine image that was made, or was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltImage {
    /// Its name.
    pub reference: String,
    /// The version of the engine inside.
    pub engine: String,
}

/// What stands on the engine in the place of a recipe's image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageState {
    /// Nothing.
    Missing,
    /// What the recipe makes.
    Current,
    /// What another release of Seaworthy has made, or something else.
    Other,
}

impl Run {
    /// Makes the image of a recipe, from the packages of `mirror` if it isn't Debian's usual one. What is being done is
    /// `told`, a line for each step. What the build made beside the image goes with the run.
    ///
    /// # Errors
    /// [`MachineError::NoBase`] if an image that it begins with can't be had; [`MachineError::NotBuilt`] if it fails;
    /// [`MachineError::NotFit`] if the image doesn't do its work on this engine: it gets no name then.
    pub async fn build(
        &self,
        recipe: &Recipe,
        options: &MachineOptions,
        mirror: Option<&str>,
        told: &(dyn Fn(&str) + Send + Sync),
    ) -> Result<BuiltImage, MachineError> {
        let mut pulled = Vec::new();
        for base in recipe.bases() {
            told(&format!("looking for {base}"));
            let image = base_image(self.engine(), &base).await?;
            pulled.extend(image.pulled.then_some(base));
        }
        let built = self.build_from(recipe, options, mirror, told).await;
        // The engine holds afterwards what it held before, and the machine image.
        for base in pulled {
            self.engine().remove_image(&base).await?;
        }
        built
    }

    async fn build_from(
        &self,
        recipe: &Recipe,
        options: &MachineOptions,
        mirror: Option<&str>,
        told: &(dyn Fn(&str) + Send + Sync),
    ) -> Result<BuiltImage, MachineError> {
        let engine = self.engine();
        let context = recipe.context(&self.labels());
        let context = context.map_err(|error| recipe::not_packed(&error))?;
        let trial = format!("{TRIAL_REPOSITORY}:{}", self.id());
        let arguments = recipe::arguments(mirror);
        let mut log = Vec::new();
        let built = engine.build_image(
            "building a machine image",
            context,
            &trial,
            &arguments,
            |line| {
                match line.strip_prefix(STEP) {
                    Some(step) => told(step),
                    None if line == "FROM scratch" || line.ends_with(": FROM scratch") => {
                        told("putting the image together");
                    }
                    None => {}
                }
                log.push(line.to_owned());
            },
        );
        built.await.map_err(|error| not_built(error, &log))?;
        told("trying it out");
        let version = self.try_machine(recipe, &trial, options).await?;
        let labelling = recipe.labelling(&trial, &version);
        let labelling = labelling.map_err(|error| recipe::not_packed(&error))?;
        let reference = recipe.reference();
        let before = engine.image(&reference).await?;
        let none = BTreeMap::new();
        let id = engine
            .build_image(
                "naming a machine image",
                labelling,
                &reference,
                &none,
                |_| {},
            )
            .await?;
        if let Some(before) = before.filter(|before| before.id != id) {
            engine.remove_nameless(&before.id).await?;
        }
        Ok(BuiltImage {
            reference,
            engine: version,
        })
    }

    /// Starts a machine of an image, and does in it what pages do most. The version of its engine.
    async fn try_machine(
        &self,
        recipe: &Recipe,
        image: &str,
        options: &MachineOptions,
    ) -> Result<String, MachineError> {
        let options = MachineOptions {
            image: image.to_owned(),
            ..options.clone()
        };
        let unfit = |why: String| MachineError::NotFit {
            version: recipe.version().to_owned(),
            why,
        };
        let machines = Machines::start(self, &["trial".to_owned()], &options).await;
        let machines = match machines {
            Err(error @ MachineError::NotUp { .. }) => return Err(unfit(error.to_string())),
            started => started?,
        };
        let machine = &machines.all()[0];
        let version = machine.inner().engine.clone();
        let whole = format!("{version}.");
        if !whole.starts_with(&format!("{}.", recipe.version())) {
            return Err(unfit(format!("the engine inside is {version}")));
        }
        let command = Command::new(["sh", "-s", &version])
            .directory(HOME)
            .stdin(recipe::TRIAL)
            .time(TRIAL_TIME);
        let finished = self.engine().exec(machine.container(), command).await?;
        if finished.exit != 0 {
            let said = finished.complaint();
            let lines: Vec<_> = said.lines().collect();
            return Err(unfit(last(&lines)));
        }
        machines.remove().await?;
        Ok(version)
    }
}

/// Brings a machine image that was made elsewhere: `reference` is its name in a registry. It is known afterwards by the name
/// that machines are started by.
///
/// # Errors
/// If it can't be had, or isn't a machine image.
pub async fn pull(engine: &Engine, reference: &str) -> Result<BuiltImage, MachineError> {
    let image = engine.pull_image(reference).await?;
    let version = image.labels.get(labels::ENGINE).cloned();
    let name = version.as_deref().and_then(recipe::reference_of);
    let (Some(version), Some(name)) = (version, name) else {
        return Err(MachineError::NotAMachine {
            image: reference.to_owned(),
        });
    };
    let before = engine.image(&name).await?;
    let tag = Reference::parse(&name);
    engine
        .tag_image(&image.id, &tag.repository(), tag.version())
        .await?;
    if let Some(before) = before.filter(|before| before.id != image.id) {
        engine.remove_nameless(&before.id).await?;
    }
    Ok(BuiltImage {
        reference: name,
        engine: version,
    })
}

/// What the engine holds in the place of a recipe's image, and the version of the engine in it.
pub async fn state(
    engine: &Engine,
    recipe: &Recipe,
) -> Result<(ImageState, Option<String>), MachineError> {
    let Some(image) = engine.image(&recipe.reference()).await? else {
        return Ok((ImageState::Missing, None));
    };
    let label = |name| image.labels.get(name).cloned();
    let state = match label(labels::KEY) {
        Some(key) if key == recipe.key() => ImageState::Current,
        _ => ImageState::Other,
    };
    Ok((state, label(labels::ENGINE)))
}

/// What builds have left: `label` says of which runs. Each by name or by id, with labels by which it is told whose it is.
pub(super) async fn left(
    engine: &Engine,
    label: &str,
) -> Result<Vec<(String, HashMap<String, String>)>, EngineError> {
    let marked = engine.list_images(label).await?;
    let mut left: Vec<_> = marked
        .into_iter()
        .map(|image| (image.id, image.labels))
        .collect();
    for name in engine.list_repository(TRIAL_REPOSITORY).await? {
        let run = Reference::parse(&name).version().to_owned();
        let lock = lock_file(&run).to_string_lossy().into_owned();
        let labels = [(labels::RUN, run), (labels::LOCK, lock)];
        let labels = labels.map(|(name, value)| (name.to_owned(), value));
        left.push((name, HashMap::from(labels)));
    }
    Ok(left)
}

async fn base_image(engine: &Engine, base: &str) -> Result<Image, MachineError> {
    engine
        .ensure_image(base)
        .await
        .map_err(|error| match error {
            EngineError::NoImage { .. } => MachineError::NoBase {
                why: error.to_string(),
            },
            error => error.into(),
        })
}

/// A step of a build failed: what it said, without the engine's words about that.
fn not_built(error: EngineError, log: &[String]) -> MachineError {
    let EngineError::Refused { message, .. } = &error else {
        return error.into();
    };
    let said = |line: &&String| {
        !line.trim().is_empty() && !line.starts_with("Step ") && !line.starts_with(" ---> ")
    };
    let lines: Vec<_> = log.iter().filter(said).map(String::as_str).collect();
    MachineError::NotBuilt {
        why: message.clone(),
        log: last(&lines),
    }
}

/// The last of these lines.
fn last(lines: &[&str]) -> String {
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MachineKind;
    use crate::engine::fake::{Fake, answer, ok};

    /// An engine that pulls whatever is asked for: an image with these labels.
    fn registry(labels: &str) -> Fake {
        let image =
            format!(r#"{{"Id":"sha256:12","RepoTags":["a/b:1"],"Config":{{"Labels":{labels}}}}}"#);
        Fake::answering(move |request| {
            Some(match request {
                _ if request.starts_with("POST /v1.41/images/create?") => ok(""),
                _ if request.contains("seaworthy/machine:28/json") => {
                    answer("404 Not Found", "{\"message\":\"No such image\"}")
                }
                _ if request.contains("/json ") => ok(&image),
                _ => answer("201 Created", ""),
            })
        })
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_pulled_is_known_by_the_version_in_it() {
        let fake = registry(r#"{"seaworthy.engine":"28.5.2+dfsg4"}"#);
        let engine = fake.engine().await;
        let pulled = pull(&engine, "registry.example/a/b:1").await.unwrap();
        assert_eq!(pulled.reference, "seaworthy/machine:28");
        assert_eq!(pulled.engine, "28.5.2+dfsg4");
        let tag = "POST /v1.41/images/sha256:12/tag?repo=seaworthy%2Fmachine&tag=28";
        let asked = fake.requests();
        assert!(
            asked.iter().any(|request| request.starts_with(tag)),
            "{asked:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_no_machine_image_gets_no_name() {
        for labels in ["{}", "null", r#"{"seaworthy.engine":"new"}"#] {
            let fake = registry(labels);
            let engine = fake.engine().await;
            let error = pull(&engine, "a/b:1").await.unwrap_err();
            assert_eq!(error.kind(), MachineKind::NoMachineImage);
            assert!(
                error.to_string().starts_with("a/b:1 is no machine image"),
                "{error}"
            );
            assert!(
                !fake
                    .requests()
                    .iter()
                    .any(|request| request.contains("/tag?"))
            );
        }
    }

    #[test]
    fn a_step_that_fails_says_what_it_said() {
        let log = [
            "Step 1/9 : FROM a",
            " ---> 12",
            "",
            "rootfs: error: no mirror",
            "  remedy: another",
        ];
        let error = EngineError::Refused {
            doing: "building".to_owned(),
            status: 500,
            message: "The command returned 1".to_owned(),
        };
        let told = not_built(error, &log.map(str::to_owned)).to_string();
        assert_eq!(
            told,
            "the machine image could not be built: The command returned 1; its last words:\nrootfs: error: no mirror\n  remedy: another"
        );
    }
}
