//! The sandbox from outside: the BankID API over mutual TLS, the control API, the pages, mail, starting.

#![expect(clippy::expect_used, reason = "a helper that fails is a failed test, with a line number")]

mod bed;
mod control;
mod evidence;
mod judge;
mod limits;
mod openapi;
mod orders;
mod outside;
mod pages;
mod phone;
mod python;
mod smtp;
mod starting;
mod tls;
