CREATE TABLE orders (
    id bigserial PRIMARY KEY, customer_id integer NOT NULL, status text NOT NULL, total_cents integer NOT NULL, payment text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE order_items (
    id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id), sku text NOT NULL, quantity integer NOT NULL, price_cents integer NOT NULL
);
INSERT INTO orders (customer_id, status, total_cents, payment, created_at)
    SELECT 1 + (n * 7919) % 2000, 'settled', 500 + (n * 104729) % 30000, 'P' || 700000 + n, now() - (20001 - n) * interval '3 minutes' FROM generate_series(1, 20000) n;
INSERT INTO order_items (order_id, sku, quantity, price_cents)
    SELECT 1 + (n * 31) % 20000, 'SKU-' || 10000 + (n * 13 % 400) * 7, 1 + n % 3, 500 + (n * 7919) % 20000 FROM generate_series(1, 40000) n;
CREATE INDEX orders_customer ON orders (customer_id, created_at);
CREATE INDEX order_items_order ON order_items (order_id);
GRANT SELECT, INSERT, UPDATE ON orders, order_items TO orders_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO orders_app;
ANALYZE;
