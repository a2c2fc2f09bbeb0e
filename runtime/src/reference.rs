//! The two forms of access to one series, whose recording methods are written once.

/// Declares a reference, a handle and the methods that both have. Inside the methods `self.cell` is the series' cell.
macro_rules! reference {
    (
        $(#[$reference_doc:meta])* $reference:ident,
        $(#[$handle_doc:meta])* $handle:ident,
        $cell:ty;
        $($methods:tt)*
    ) => {
        $(#[$reference_doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $reference<'m> {
            cell: &'m ::std::sync::Arc<$cell>,
        }

        $(#[$handle_doc])*
        #[derive(Clone, Debug)]
        pub struct $handle {
            cell: ::std::sync::Arc<$cell>,
        }

        impl<'m> $reference<'m> {
            pub(crate) fn new(cell: &'m ::std::sync::Arc<$cell>) -> Self {
                Self { cell }
            }

            /// The same series, owned: resolved once, to be kept and moved anywhere.
            pub fn handle(self) -> $handle {
                $handle { cell: ::std::sync::Arc::clone(self.cell) }
            }
        }

        impl $reference<'_> { $($methods)* }

        impl $handle { $($methods)* }
    };
}

pub(crate) use reference;
