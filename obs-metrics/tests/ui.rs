//! What must not compile, and what the compiler says of it.

#[test]
fn what_is_wrong_does_not_compile_and_says_why() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
