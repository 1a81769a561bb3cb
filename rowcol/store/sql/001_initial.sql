CREATE TABLE practices (advisor_id VARCHAR NOT NULL, name VARCHAR NOT NULL, created_at TIMESTAMP NOT NULL);

CREATE TABLE businesses (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, realm_id VARCHAR NOT NULL, name VARCHAR NOT NULL,
    connected_at TIMESTAMP NOT NULL, disconnected_at TIMESTAMP
);

CREATE TABLE grants (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, sealed VARCHAR NOT NULL,
    ended_because VARCHAR, updated_at TIMESTAMP NOT NULL
);

CREATE TABLE consent_states (
    advisor_id VARCHAR NOT NULL, digest VARCHAR NOT NULL, expires_at TIMESTAMP NOT NULL, used_at TIMESTAMP
);

CREATE TABLE decisions (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, decision_id BIGINT NOT NULL, kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL, content VARCHAR NOT NULL, decided_at TIMESTAMP NOT NULL
);

CREATE TABLE entity_policy (
    advisor_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, fresh_seconds BIGINT NOT NULL, overlap_seconds BIGINT NOT NULL
);

CREATE TABLE sync_run (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, run_id VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL, finished_at TIMESTAMP NOT NULL, outcome VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    hint VARCHAR NOT NULL, requests BIGINT NOT NULL, retries BIGINT NOT NULL, rows_in BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL, rows_deleted BIGINT NOT NULL
);

CREATE TABLE entity_freshness (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL,
    refreshed_at TIMESTAMP NOT NULL, read_through TIMESTAMP NOT NULL
);

CREATE TABLE report_reads (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, report VARCHAR NOT NULL, report_date DATE NOT NULL,
    read_at TIMESTAMP NOT NULL, books_position BIGINT NOT NULL, refused_because VARCHAR
);

CREATE TABLE integration_log (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, log_position BIGINT NOT NULL, direction VARCHAR NOT NULL,
    entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL, operation VARCHAR NOT NULL, observed_at TIMESTAMP NOT NULL,
    content_hash VARCHAR NOT NULL, run_id VARCHAR NOT NULL, intuit_tid VARCHAR, raw VARCHAR
);

CREATE TABLE mirror_records (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL,
    log_position BIGINT NOT NULL, content_hash VARCHAR NOT NULL, deleted_at TIMESTAMP
);

CREATE TABLE mirror_transactions (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL,
    txn_date DATE, due_date DATE, doc_number VARCHAR, party_kind VARCHAR, party_id VARCHAR, party_name VARCHAR,
    currency VARCHAR, exchange_rate VARCHAR, account_id VARCHAR, other_account_id VARCHAR, credit BOOLEAN NOT NULL,
    amount_cents BIGINT, unapplied_cents BIGINT, total_cents BIGINT, balance_cents BIGINT,
    cash_back_account_id VARCHAR, cash_back_cents BIGINT NOT NULL, voided BOOLEAN NOT NULL, linked VARCHAR NOT NULL,
    email_status VARCHAR, bill_email VARCHAR, delivered_at TIMESTAMP, created_at TIMESTAMP, updated_at TIMESTAMP
);

CREATE TABLE mirror_lines (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL,
    line_number BIGINT NOT NULL, line_id VARCHAR, detail VARCHAR, amount_cents BIGINT, home_cents BIGINT,
    account_id VARCHAR, posting VARCHAR, party_kind VARCHAR, party_id VARCHAR, party_name VARCHAR,
    linked_type VARCHAR, linked_id VARCHAR, linked_line_id VARCHAR
);

CREATE TABLE mirror_balances (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL, name VARCHAR, full_name VARCHAR,
    account_type VARCHAR, account_sub_type VARCHAR, classification VARCHAR, active BOOLEAN NOT NULL,
    parent_id VARCHAR, currency VARCHAR, balance_cents BIGINT, updated_at TIMESTAMP
);

CREATE TABLE mirror_parties (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL,
    name VARCHAR, full_name VARCHAR, active BOOLEAN NOT NULL, parent_id VARCHAR, bill_with_parent BOOLEAN NOT NULL,
    email VARCHAR, phone VARCHAR, currency VARCHAR, balance_cents BIGINT, created_at TIMESTAMP
);

CREATE TABLE mirror_companies (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL,
    name VARCHAR, time_zone VARCHAR, home_currency VARCHAR, multi_currency BOOLEAN
);

CREATE TABLE mirror_report_totals (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL, qbo_id VARCHAR NOT NULL,
    subject_id VARCHAR, label VARCHAR, amount_cents BIGINT NOT NULL
);

CREATE TABLE tie_out_checks (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, checked_at TIMESTAMP NOT NULL, report_date DATE NOT NULL,
    subject VARCHAR NOT NULL, party_id VARCHAR, party VARCHAR NOT NULL, ours_cents BIGINT NOT NULL, qbo_cents BIGINT NOT NULL
);

CREATE VIEW mirror_bills AS SELECT * FROM mirror_transactions WHERE entity = 'Bill';

CREATE VIEW mirror_invoices AS SELECT * FROM mirror_transactions WHERE entity = 'Invoice';

CREATE TABLE client_opened (advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, opened_at TIMESTAMP NOT NULL);

CREATE TABLE webhook_marks (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, entity VARCHAR NOT NULL,
    marked_at TIMESTAMP NOT NULL, read_from TIMESTAMP
);

CREATE TABLE api_calls (
    advisor_id VARCHAR NOT NULL, business_id VARCHAR NOT NULL, month DATE NOT NULL, kind VARCHAR NOT NULL,
    calls BIGINT NOT NULL
);
