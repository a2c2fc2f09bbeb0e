//! The series that share their open values.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

use crate::arena::Arena;
use crate::open::ValueId;
use crate::status::StatusKey;
use crate::sync::{read, write};

pub(crate) struct Block<C> {
    pub(crate) open: Box<[ValueId]>,
    pub(crate) dense: Box<[Arc<C>]>,
    pub(crate) late: OnceLock<Box<Late<C>>>,
}

/// The series of statuses that did not exist from the start.
pub(crate) struct Late<C> {
    pub(crate) places: RwLock<BTreeMap<(usize, StatusKey), usize>>,
    pub(crate) cells: Arena<Arc<C>>,
}

impl<C> Block<C> {
    pub(crate) fn late(&self) -> &Late<C> {
        self.late.get_or_init(|| {
            Box::new(Late {
                places: RwLock::default(),
                cells: Arena::new(),
            })
        })
    }
}

impl<C> Late<C> {
    fn known(&self, index: usize, status: StatusKey) -> Option<&Arc<C>> {
        let place = read(&self.places).get(&(index, status)).copied()?;
        self.cells.get(place)
    }

    /// The cell, which is made by `new` if it does not exist yet.
    pub(crate) fn cell<E>(
        &self,
        index: usize,
        status: StatusKey,
        new: impl FnOnce() -> Result<Arc<C>, E>,
    ) -> Result<&Arc<C>, E> {
        if let Some(cell) = self.known(index, status) {
            return Ok(cell);
        }
        let mut places = write(&self.places);
        let known = places.get(&(index, status));
        if let Some(cell) = known.and_then(|place| self.cells.get(*place)) {
            return Ok(cell);
        }
        let (place, cell) = self.cells.push(new()?);
        places.insert((index, status), place);
        Ok(cell)
    }
}
