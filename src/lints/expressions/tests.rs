//! What holds for every expression.
