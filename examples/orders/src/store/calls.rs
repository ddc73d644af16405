//! The statements of this service as call sites: each is seen in the metrics, as a client span and,
//! if it is slow, as a line.

use obs_stack::api::CallSite;

macro_rules! calls {
    ($($name:ident: $operation:literal $table:literal;)+) => {
        $(pub(super) static $name: CallSite =
            // The same statements run on SQLite and PostgreSQL.
            CallSite::database("other_sql", $operation, $table);)+
    };
}

calls! {
    BEGIN: "BEGIN" "";
    COMMIT: "COMMIT" "";
    INSERT_ORDER: "INSERT" "orders";
    SELECT_ORDER: "SELECT" "orders";
    UPDATE_ORDER: "UPDATE" "orders";
    INSERT_LINE: "INSERT" "order_lines";
    SELECT_LINES: "SELECT" "order_lines";
    INSERT_PAYMENT: "INSERT" "payments";
    SELECT_PAYMENTS: "SELECT" "payments";
    SELECT_WAREHOUSE: "SELECT" "warehouses";
    UPDATE_WAREHOUSE: "UPDATE" "warehouses";
    INSERT_GOODS: "INSERT" "goods_received";
    SELECT_GOODS: "SELECT" "goods_received";
}
