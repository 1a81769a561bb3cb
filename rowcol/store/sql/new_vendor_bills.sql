WITH usual AS (
    SELECT t.business_id, median(t.total_cents) AS median_cents FROM {transactions} t
    WHERE t.entity = 'Bill' AND NOT t.voided AND t.total_cents > 0
    GROUP BY t.business_id
)
SELECT t.business_id, p.qbo_id AS vendor_id, p.name, p.created_at, t.qbo_id, t.txn_date, t.due_date, t.doc_number, t.total_cents,
    u.median_cents
FROM {parties} p
JOIN {transactions} t ON t.business_id = p.business_id AND t.party_id = p.qbo_id
JOIN usual u ON u.business_id = t.business_id
WHERE p.entity = 'Vendor' AND p.created_at >= $since AND t.entity = 'Bill' AND NOT t.voided
ORDER BY t.business_id, p.qbo_id, t.total_cents DESC, t.qbo_id
