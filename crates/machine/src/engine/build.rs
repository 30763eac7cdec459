//! Images that the engine builds, and names of images.

use super::{Engine, EngineError, if_there};
use bollard::body_full;
use bollard::query_parameters::{BuildImageOptionsBuilder, TagImageOptionsBuilder};
use bytes::Bytes;
use futures_util::StreamExt;
use std::collections::{BTreeMap, HashMap};

impl Engine {
    /// Has the engine build an image of what is in the archive `context`, with a `Dockerfile` in it, under the name `name`;
    /// the image's id. Each line that the engine says meanwhile is `told`, without colours. The engine ends the build when
    /// this is dropped.
    ///
    /// # Errors
    /// If a step fails: [`EngineError::Refused`].
    pub async fn build_image(
        &self,
        doing: &str,
        context: Vec<u8>,
        name: &str,
        arguments: &BTreeMap<String, String>,
        mut told: impl FnMut(&str),
    ) -> Result<String, EngineError> {
        let arguments: HashMap<_, _> = arguments.clone().into_iter().collect();
        let options = BuildImageOptionsBuilder::new()
            .t(name)
            .rm(true)
            .forcerm(true)
            .buildargs(&arguments)
            .build();
        let mut said =
            self.docker()
                .build_image(options, None, Some(body_full(Bytes::from(context))));
        let (mut id, mut lines) = (None, Lines::default());
        while let Some(piece) = said.next().await {
            let piece = piece.map_err(|error| EngineError::of(doing, error))?;
            lines.push(piece.stream.as_deref().unwrap_or_default(), &mut told);
            id = piece.aux.and_then(|image| image.id).or(id);
        }
        id.ok_or_else(|| EngineError::Unexpected {
            doing: doing.to_owned(),
            why: "the build ended without an image".to_owned(),
        })
    }

    /// Gives an image another name: `repository` and `tag`.
    pub async fn tag_image(
        &self,
        image: &str,
        repository: &str,
        tag: &str,
    ) -> Result<(), EngineError> {
        let options = TagImageOptionsBuilder::new()
            .repo(repository)
            .tag(tag)
            .build();
        let tagged = self.docker().tag_image(image, Some(options)).await;
        tagged
            .map_err(|error| EngineError::of(format!("naming an image {repository}:{tag}"), error))
    }

    /// Removes an image by its id if it has no name left. One that is gone, or in use, is well.
    pub async fn remove_nameless(&self, id: &str) -> Result<(), EngineError> {
        let inspected = self.docker().inspect_image(id).await;
        let inspected = inspected.map_err(|error| EngineError::of("looking up an image", error));
        let named =
            |names: &Option<Vec<String>>| names.as_ref().is_some_and(|names| !names.is_empty());
        match if_there(inspected)? {
            Some(image) if !named(&image.repo_tags) => match self.remove_image(id).await {
                Err(EngineError::Refused { .. }) => Ok(()),
                removed => removed,
            },
            _ => Ok(()),
        }
    }
}

/// Puts lines together out of pieces.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn push(&mut self, piece: &str, told: &mut impl FnMut(&str)) {
        self.0.push_str(piece);
        while let Some(end) = self.0.find('\n') {
            let line: String = self.0.drain(..=end).collect();
            told(without_colours(&line).trim_end());
        }
    }
}

/// The engine shows what came on stderr in red: `ESC [ 91 m`, `ESC [ 0 m`.
fn without_colours(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let shown = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        text + shown.strip_prefix('m').unwrap_or(shown)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, ok};
    use super::*;
    use crate::engine::Kind;

    async fn built(answer: &str) -> (Result<String, EngineError>, Vec<String>) {
        let answer = ok(answer);
        let engine = Fake::answering(move |_| Some(answer.clone()))
            .engine()
            .await;
        let mut lines = Vec::new();
        let built = engine
            .build_image("building it", Vec::new(), "a:1", &BTreeMap::new(), |line| {
                lines.push(line.to_owned());
            })
            .await;
        (built, lines)
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_build_says() {
        let (id, lines) = built(concat!(
            "{\"stream\":\"Step 1/2 : FROM a\"}\n{\"stream\":\"\\n\"}\n",
            "{\"stream\":\"\\u001b[91mrootfs: fetching\\n\\u001b[0m\"}\n{\"stream\":\"half\"}\n",
            "{\"aux\":{\"ID\":\"sha256:12\"}}\n{\"stream\":\"Successfully built 12\\n\"}\n",
        ))
        .await;
        assert_eq!(id.unwrap(), "sha256:12");
        assert_eq!(
            lines,
            [
                "Step 1/2 : FROM a",
                "rootfs: fetching",
                "halfSuccessfully built 12"
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_build_that_fails() {
        let (id, lines) = built(concat!(
            "{\"stream\":\"no\\n\"}\n",
            "{\"errorDetail\":{\"code\":1,\"message\":\"The command returned 1\"},\"error\":\"The command returned 1\"}\n",
        ))
        .await;
        let error = id.unwrap_err();
        assert_eq!(
            (error.kind(), lines),
            (Kind::Refused, vec!["no".to_owned()])
        );
        assert!(
            error.to_string().contains("The command returned 1"),
            "{error}"
        );
        let (id, _) = built("{\"stream\":\"\\n\"}\n").await;
        assert_eq!(id.unwrap_err().kind(), Kind::Unexpected);
    }
}
