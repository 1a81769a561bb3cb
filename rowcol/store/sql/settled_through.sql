WITH links AS (
    SELECT l.business_id, l.entity, l.qbo_id, l.line_number, l.amount_cents, l.linked_id, l.linked_line_id,
        coalesce(list_extract($names::VARCHAR[], list_position($aliases::VARCHAR[], l.linked_type)), l.linked_type) AS linked_entity
    FROM {lines} l WHERE l.entity IN ('BillPayment', 'Payment') AND l.linked_id IS NOT NULL AND l.amount_cents <> 0
), control AS (
    SELECT l.business_id, l.entity, l.qbo_id, l.line_id, l.line_number, coalesce(l.party_id, t.party_id) AS party_id,
        a.account_type = 'Accounts Receivable' AS receivable,
        (l.posting IS NOT DISTINCT FROM 'Debit' OR (l.entity = 'Purchase' AND NOT t.credit))
            = (a.account_type = 'Accounts Receivable') AS raises
    FROM {lines} l JOIN {transactions} t ON t.business_id = l.business_id AND t.entity = l.entity AND t.qbo_id = l.qbo_id
    JOIN {balances} a ON a.business_id = l.business_id AND a.qbo_id = l.account_id
    WHERE a.account_type IN ('Accounts Payable', 'Accounts Receivable') AND l.entity IN ('JournalEntry', 'Deposit', 'Purchase')
        AND l.amount_cents <> 0
), by_hand AS (
    SELECT k.business_id, k.entity, k.qbo_id, k.line_number, arg_min(c.raises,
        CASE WHEN c.party_id IS DISTINCT FROM p.party_id THEN 2000000 WHEN c.line_id = k.linked_line_id THEN 0 ELSE 1000000 END
        + c.line_number) AS raises
    FROM links k JOIN {transactions} p ON p.business_id = k.business_id AND p.entity = k.entity AND p.qbo_id = k.qbo_id
    JOIN control c ON c.business_id = k.business_id AND c.entity = k.linked_entity AND c.qbo_id = k.linked_id
        AND c.receivable = (k.entity = 'Payment')
    GROUP BY k.business_id, k.entity, k.qbo_id, k.line_number
), applied AS (
    SELECT k.business_id, k.entity, k.qbo_id, k.line_number, k.linked_entity, k.linked_id, p.account_id,
        CAST(round(k.amount_cents * CAST(coalesce(d.exchange_rate, '1') AS DECIMAL(18, 8))) AS BIGINT) AS cents,
        greatest(p.txn_date, d.txn_date) AS joined_on, k.linked_entity IN ('Bill', 'Invoice') AS document,
        coalesce(h.raises, k.linked_entity NOT IN ('CreditMemo', 'VendorCredit')) AS charge
    FROM links k JOIN {transactions} p ON p.business_id = k.business_id AND p.entity = k.entity AND p.qbo_id = k.qbo_id
    JOIN {transactions} d ON d.business_id = k.business_id AND d.entity = k.linked_entity AND d.qbo_id = k.linked_id
    LEFT JOIN by_hand h ON h.business_id = k.business_id AND h.entity = k.entity AND h.qbo_id = k.qbo_id
        AND h.line_number = k.line_number
    WHERE NOT p.voided
), weighed AS (
    SELECT a.*, CASE WHEN a.charge THEN a.joined_on ELSE max(a.joined_on) OVER payment END AS on_day,
        sum(CASE WHEN a.charge THEN 0 ELSE a.cents END) OVER payment AS credits,
        sum(CASE WHEN a.charge THEN a.cents ELSE 0 END) OVER (payment ORDER BY a.line_number ROWS UNBOUNDED PRECEDING) AS upto,
        sum(CASE WHEN a.charge THEN a.cents ELSE 0 END) OVER payment AS charges,
        sum(CASE WHEN a.charge AND a.document THEN a.cents ELSE 0 END) OVER payment AS documents
    FROM applied a WINDOW payment AS (PARTITION BY a.business_id, a.entity, a.qbo_id)
), shared AS (
    SELECT w.*, CASE WHEN w.charge THEN greatest(least(w.cents, w.upto - w.credits), 0) WHEN w.charges = w.documents THEN w.cents
        ELSE (2 * w.cents * w.documents + w.charges) // (2 * w.charges) END AS share
    FROM weighed w WHERE w.on_day >= $since AND w.documents > 0 AND (w.document OR NOT w.charge)
), posted AS (
    SELECT l.business_id, l.qbo_id, l.posting, coalesce(l.account_id, 'none') AS account_id, sum(l.home_cents) AS cents
    FROM {lines} l WHERE l.entity = 'JournalEntry' AND l.home_cents <> 0
    GROUP BY l.business_id, l.qbo_id, l.posting, coalesce(l.account_id, 'none')
), cumulated AS (
    SELECT p.*, sum(p.cents) OVER (PARTITION BY p.business_id, p.qbo_id, p.posting) AS whole,
        sum(p.cents) OVER (PARTITION BY p.business_id, p.qbo_id, p.posting ORDER BY p.account_id) AS upto
    FROM posted p
), settled AS (
    SELECT s.business_id, s.entity, s.account_id, s.on_day, s.share AS cents FROM shared s WHERE s.charge
    UNION ALL
    SELECT s.business_id, s.entity, t.account_id, s.on_day, s.share
    FROM shared s JOIN {transactions} t ON t.business_id = s.business_id AND t.entity = s.linked_entity AND t.qbo_id = s.linked_id
    WHERE NOT s.charge AND s.linked_entity IN ('Deposit', 'Purchase')
    UNION ALL
    SELECT s.business_id, s.entity, c.account_id, s.on_day,
        (2 * s.share * c.upto + c.whole) // (2 * c.whole) - (2 * s.share * (c.upto - c.cents) + c.whole) // (2 * c.whole)
    FROM shared s JOIN cumulated c ON c.business_id = s.business_id AND c.qbo_id = s.linked_id
    WHERE NOT s.charge AND s.linked_entity = 'JournalEntry' AND c.whole > 0
        AND c.posting = CASE s.entity WHEN 'Payment' THEN 'Debit' ELSE 'Credit' END
    UNION ALL
    SELECT t.business_id, 'Payment', t.deposit_account_id, t.txn_date,
        CAST(round(t.deposit_cents * CAST(coalesce(t.exchange_rate, '1') AS DECIMAL(18, 8))) AS BIGINT)
    FROM {transactions} t WHERE t.entity = 'Invoice' AND NOT t.voided AND t.deposit_cents <> 0 AND t.txn_date >= $since
)
SELECT s.business_id, CASE s.entity WHEN 'Payment' THEN 'ar' ELSE 'ap' END AS side, coalesce(s.account_id, '') AS account_id,
    s.on_day, CAST(sum(s.cents) AS BIGINT) AS cents
FROM settled s GROUP BY s.business_id, s.entity, s.account_id, s.on_day
HAVING sum(s.cents) <> 0 ORDER BY s.business_id, side, s.account_id, s.on_day
