//! The methods behind one trait: BankID. One normalised, verified result.
