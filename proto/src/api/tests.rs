use super::*;
use proptest::prelude::*;

#[test]
fn a_call_reads_back_as_written() {
    for request in [
        Request::Hello { api: 1 },
        Request::Status {},
        Request::AgreementYes {
            version: "abcd".into(),
        },
        Request::Once {
            id: AssertionId([7; 16]),
            request: Box::new(Request::AgreementSame {
                version: "abcd".into(),
            }),
        },
        Request::CheckinReady {
            slot: None,
            words: CheckIn {
                wish: "rain".into(),
                ..CheckIn::default()
            },
        },
    ] {
        let line = Call::write(7, &request);
        assert_eq!(
            Call::read(line.as_bytes()).unwrap(),
            Call { id: 7, request }
        );
    }
    assert_eq!(
        Call::read(br#"{"jsonrpc":"2.0","id":1,"method":"status"}"#)
            .unwrap()
            .request,
        Request::Status {}
    );
}

#[test]
fn a_wrong_call_is_told_what_is_wrong_and_never_its_own_words() {
    let secret =
        br#"{"jsonrpc":"2.0","id":1,"method":"checkin_ready","params":{"words":"I am afraid"}}"#;
    let answer = Call::read(secret).unwrap_err().write();
    assert!(!answer.contains("afraid"), "{answer}");
    let unknown = br#"{"jsonrpc":"2.0","id":1,"method":"status","params":{"extra":1}}"#;
    let answer = Call::read(unknown).unwrap_err().write();
    let told = r#""wrong":{"is":"unknown_field","field":"extra"}"#;
    assert!(answer.contains(told), "{answer}");
    assert!(Call::read(b"{").unwrap_err().write().contains("-32700"));
    assert!(Call::read(b"[]").unwrap_err().write().contains("-32600"));
}

#[test]
fn a_secret_is_not_in_a_debug_line() {
    let unlock = Request::Unlock(Unlock {
        passphrase: Some(Secret("tulip".into())),
        ..Unlock::default()
    });
    assert!(!format!("{unlock:?}").contains("tulip"));
}

proptest! {
    #[test]
    fn no_line_panics_the_reader(line in proptest::collection::vec(any::<u8>(), 0..300), text in ".{0,120}") {
        let _ = Call::read(&line);
        let _ = Call::read(format!(r#"{{"jsonrpc":"2.0","id":1,"method":"agreement_propose","params":{text}}}"#).as_bytes());
    }
}
