//! The two forms of access to one series, whose recording methods are written once.

/// Declares a reference, a handle and the methods that both have. Inside the methods `self.store` is the metric's store and
/// `self.cell` the first cell of the series.
macro_rules! reference {
    (
        $(#[$reference_doc:meta])* $reference:ident,
        $(#[$handle_doc:meta])* $handle:ident;
        $($methods:tt)*
    ) => {
        $(#[$reference_doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $reference<'m> {
            store: &'m ::std::sync::Arc<$crate::store::Store>,
            cell: $crate::cells::CellId,
        }

        $(#[$handle_doc])*
        #[derive(Clone, Debug)]
        pub struct $handle {
            #[allow(dead_code, reason = "cells are given back with the store")]
            store: ::std::sync::Arc<$crate::store::Store>,
            cell: $crate::cells::CellId,
        }

        impl<'m> $reference<'m> {
            #[inline]
            pub(crate) fn new(
                store: &'m ::std::sync::Arc<$crate::store::Store>,
                cell: $crate::cells::CellId,
            ) -> Self {
                Self { store, cell }
            }

            /// The same series, owned: resolved once, to be kept and moved anywhere.
            pub fn handle(self) -> $handle {
                $handle {
                    store: ::std::sync::Arc::clone(self.store),
                    cell: self.cell,
                }
            }
        }

        impl $reference<'_> { $($methods)* }

        impl $handle { $($methods)* }
    };
}

pub(crate) use reference;
