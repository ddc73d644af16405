CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    kind TEXT NOT NULL,
    payment TEXT NOT NULL,
    status TEXT NOT NULL,
    total BIGINT NOT NULL,
    placed_at BIGINT NOT NULL
);
CREATE INDEX orders_placed_at ON orders (placed_at, id);

CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    sku TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);

CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL UNIQUE REFERENCES orders (id),
    gateway TEXT NOT NULL,
    amount BIGINT NOT NULL,
    paid_at BIGINT NOT NULL
);
CREATE INDEX payments_paid_at ON payments (paid_at);
