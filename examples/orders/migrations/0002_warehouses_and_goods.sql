CREATE TABLE warehouses (
    name TEXT PRIMARY KEY,
    capacity BIGINT NOT NULL,
    used BIGINT NOT NULL CHECK (used >= 0 AND used <= capacity)
);

CREATE TABLE goods_received (
    id TEXT PRIMARY KEY,
    warehouse TEXT NOT NULL REFERENCES warehouses (name),
    sku TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX goods_received_lately ON goods_received (warehouse, received_at);
