//! Every message and every help text a person can see, in snapshots.
