//! Which images a page needs, read from its commands and Dockerfiles.

use std::collections::BTreeSet;

use seaworthy_console::Session;
use seaworthy_words::{Call, Script, is_image_name, with_tag};

/// An image that a page names, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUse {
    /// As it is named, with `:latest` if neither tag nor digest was given.
    pub reference: String,
    /// Where it is named, in the chapter's text.
    pub at: usize,
}

/// Collects the images of a page in the order in which they are first named.
#[derive(Default)]
pub(crate) struct Images {
    found: Vec<ImageUse>,
    /// Images that the page makes itself.
    made: BTreeSet<String>,
}

impl Images {
    pub(crate) fn session(&mut self, session: &Session) {
        for command in session.commands.iter().filter(|c| c.is_shell()) {
            if command.script.text().contains("FROM") {
                for typed in &command.typed {
                    self.dockerfile_line(&typed.line.text, typed.line.start);
                }
            }
            self.command(&command.script, command.start());
        }
    }

    /// The `FROM` lines of a Dockerfile.
    pub(crate) fn dockerfile(&mut self, content: &str, at: usize) {
        for line in content.lines() {
            self.dockerfile_line(line, at);
        }
    }

    /// The images of a Compose file's services; what it builds it makes itself.
    pub(crate) fn compose(&mut self, content: &str, at: usize) {
        for image in seaworthy_network::compose_images(content) {
            self.add(&image, at);
        }
    }

    pub(crate) fn named(&mut self, reference: &str, at: usize) {
        self.add(reference, at);
    }

    /// What was found, without what the page makes itself.
    pub(crate) fn finish(self) -> Vec<ImageUse> {
        let made = self.made;
        self.found
            .into_iter()
            .filter(|image| !made.contains(&image.reference))
            .collect()
    }

    fn add(&mut self, name: &str, at: usize) {
        if name == "scratch" || !is_image_name(name) {
            return;
        }
        let reference = with_tag(name);
        if !self.made.contains(&reference) && !self.found.iter().any(|f| f.reference == reference) {
            self.found.push(ImageUse { reference, at });
        }
    }

    fn dockerfile_line(&mut self, line: &str, at: usize) {
        let mut words = line.split_whitespace();
        if words.next() != Some("FROM") {
            return;
        }
        let mut words = words.skip_while(|word| word.starts_with("--"));
        if let Some(image) = words.next() {
            self.add(image, at);
        }
        if words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("as"))
        {
            self.made.extend(words.next().map(with_tag));
        }
    }

    fn command(&mut self, script: &Script, at: usize) {
        for call in script.calls() {
            self.call(&call, at);
        }
    }

    fn call(&mut self, call: &Call<'_>, at: usize) {
        if !matches!(
            call.group,
            "" | "builder" | "buildx" | "container" | "image"
        ) {
            return;
        }
        match call.verb {
            "run" | "create" | "pull" => {
                if let Some(image) = call.operands().next() {
                    self.add(image, at);
                }
            }
            "build" => self.made.extend(call.values("t", "tag").map(with_tag)),
            "tag" | "commit" | "import" => {
                self.made.extend(call.operands().next_back().map(with_tag));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(commands: &[&str]) -> Vec<String> {
        let mut images = Images::default();
        for command in commands {
            images.command(&Script::parse(*command), 0);
            for line in command.lines() {
                images.dockerfile_line(line, 0);
            }
        }
        images.finish().into_iter().map(|i| i.reference).collect()
    }

    #[test]
    fn of_commands() {
        for (command, image) in [
            ("docker run nginx", "nginx:latest"),
            (
                "docker run -d --name web -p 80:80 nginx:1.30-alpine",
                "nginx:1.30-alpine",
            ),
            (
                "docker run -dp 80:80 --network=front nginx:1 nginx -t",
                "nginx:1",
            ),
            ("docker run --rm -it --init busybox:1.37 sh", "busybox:1.37"),
            ("docker run -p80:80 a:1", "a:1"),
            ("docker run -e A=b -e C a:1 run b", "a:1"),
            ("docker run \\\n  -d \\\n  a:1", "a:1"),
            ("id=$(docker run -d a:1)", "a:1"),
            ("sudo docker container create a:1", "a:1"),
            (
                "docker pull -q registry.example/x/y@sha256:12",
                "registry.example/x/y@sha256:12",
            ),
            ("docker pull localhost:5000/x", "localhost:5000/x:latest"),
            ("true && docker run a:1; echo", "a:1"),
            ("for i in 1 2; do docker run a:1; done", "a:1"),
            ("echo \"it is $(docker run a:1)\"", "a:1"),
            ("sudo sh -c 'docker run a:1'", "a:1"),
            ("timeout 5 docker run --pull always a:1", "a:1"),
            ("docker run a:1 docker run b:1", "a:1"),
            ("cat > Dockerfile <<EOF\nFROM --platform=x a:1\nEOF", "a:1"),
        ] {
            assert_eq!(found(&[command]), [image], "{command}");
        }
        for command in [
            "docker run $IMAGE",
            "docker run",
            "docker ps",
            "echo docker",
            "echo docker run a:1",
            "docker compose run web",
            "docker network create front",
            "FROM scratch",
        ] {
            assert_eq!(found(&[command]), [""; 0], "{command}");
        }
    }

    #[test]
    fn what_the_page_makes_is_not_needed() {
        assert_eq!(
            found(&[
                "FROM a:1 AS build\nFROM build",
                "docker build -t me/app .",
                "docker run me/app",
                "docker tag a:1 b:2 && docker run a:1",
                "docker run b:2"
            ]),
            ["a:1"]
        );
    }
}
