WITH known AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($days::DATE[]) AS as_of),
vendors AS MATERIALIZED (
    SELECT p.business_id, p.qbo_id, p.name, p.created_at, k.as_of FROM {parties} p JOIN known k ON k.business_id = p.business_id
    WHERE p.entity = 'Vendor' AND p.created_at >= $since
), billed AS (
    SELECT t.business_id, t.qbo_id, t.party_id, t.txn_date, t.due_date, t.doc_number, t.total_cents
    FROM {transactions} t JOIN (SELECT DISTINCT v.business_id, v.as_of FROM vendors v) k ON k.business_id = t.business_id
    WHERE t.entity = 'Bill' AND NOT t.voided AND coalesce(t.txn_date, k.as_of) <= k.as_of
), usual AS (
    -- Of an even count the lower of the two in the middle.
    SELECT b.business_id, quantile_disc(b.total_cents, 0.5) AS median_cents FROM billed b
    WHERE b.total_cents > 0
    GROUP BY b.business_id
)
SELECT b.business_id, v.qbo_id AS vendor_id, v.name, v.created_at, b.qbo_id, b.txn_date, b.due_date, b.doc_number, b.total_cents,
    u.median_cents
FROM vendors v
JOIN billed b ON b.business_id = v.business_id AND b.party_id = v.qbo_id
JOIN usual u ON u.business_id = b.business_id
ORDER BY b.business_id, v.qbo_id, b.total_cents DESC, b.qbo_id
