//! The page frame: theme, layout, both languages, forms, errors as pages. No routes of its own but assets.
