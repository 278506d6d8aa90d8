//! The pages: axum routes, askama templates, Fluent texts.
