//! Volumes.

use super::api::{Volume, VolumeCreateRequest};
use super::{Engine, EngineError, if_there, labelled};
use bollard::query_parameters::{ListVolumesOptionsBuilder, RemoveVolumeOptionsBuilder};

impl Engine {
    /// Makes a volume, or gives the one that has its name already, as it is. `doing` is what a failure says was being
    /// done.
    pub async fn create_volume(
        &self,
        doing: &str,
        request: VolumeCreateRequest,
    ) -> Result<Volume, EngineError> {
        let created = self.docker().create_volume(request).await;
        created.map_err(|error| EngineError::of(doing, error))
    }

    /// The volume of that name, if it is there.
    pub async fn volume(&self, doing: &str, name: &str) -> Result<Option<Volume>, EngineError> {
        let found = self.docker().inspect_volume(name).await;
        if_there(found.map_err(|error| EngineError::of(doing, error)))
    }

    /// The volumes that bear a label: a name, or `name=value`.
    pub async fn list_volumes(&self, label: &str) -> Result<Vec<Volume>, EngineError> {
        let options = ListVolumesOptionsBuilder::new()
            .filters(&labelled(label))
            .build();
        let listed = self.docker().list_volumes(Some(options)).await;
        let listed = listed.map_err(|error| EngineError::of("listing volumes", error))?;
        Ok(listed.volumes.unwrap_or_default())
    }

    /// Removes a volume; with `force` also one whose driver doesn't answer. One that is gone is well.
    pub async fn remove_volume(&self, name: &str, force: bool) -> Result<(), EngineError> {
        let options = RemoveVolumeOptionsBuilder::new().force(force).build();
        let removed = self.docker().remove_volume(name, Some(options)).await;
        let removed = removed.map_err(|error| EngineError::of("removing a volume", error));
        if_there(removed).map(Option::unwrap_or_default)
    }
}
