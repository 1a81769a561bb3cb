ALTER TABLE mirror_transactions ADD COLUMN open_cents BIGINT;

ALTER TABLE mirror_transactions ADD COLUMN deposit_account_id VARCHAR;

ALTER TABLE mirror_transactions ADD COLUMN deposit_cents BIGINT;

CREATE TABLE mirror_exchange_rates (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL,
    currency VARCHAR, rate_date DATE, exchange_rate VARCHAR
);
