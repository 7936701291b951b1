#include "orders/formats.h"

#include "orders/values.h"

#include <string.h>
#include <strings.h>

/* ---- ShipStation: the order export with its items; which columns it has is chosen there ---- */

static const struct order_column shipstation_columns[] = {
    {"Order - Number", ROLE_ORDER, true},
    {"Item - SKU", ROLE_SKU, true},
    {"Item - Qty", ROLE_QUANTITY, true},
    {"Item - Name", ROLE_NAME, false},
    {"Item - Options", ROLE_ANSWERS, false},
    {"Item - Price", ROLE_PRICE, false},
    {"Item - Unit Price", ROLE_PRICE, false},
    {"Date - Ship By Date", ROLE_DUE, false},
    {"Date - Order Date", ROLE_DATE, false},
    {"Date - Paid Date", ROLE_DATE, false},
    {"Order - Status", ROLE_STATUS, false},
    {"Ship To - Name", ROLE_CUSTOMER, false},
    {"Bill To - Name", ROLE_CUSTOMER, false},
    {"Ship To - Company", ROLE_COMPANY, false},
    {"Ship To - Address 1", ROLE_STREET1, false},
    {"Ship To - Address 2", ROLE_STREET2, false},
    {"Ship To - City", ROLE_CITY, false},
    {"Ship To - State", ROLE_STATE, false},
    {"Ship To - Postal Code", ROLE_POSTAL_CODE, false},
    {"Ship To - Country", ROLE_COUNTRY, false},
    {"Ship To - Phone", ROLE_PHONE, false},
    {"Customer Email", ROLE_EMAIL, false},
    {"Customer - Email", ROLE_EMAIL, false},
};
static const char *const shipstation_others[] = {"Amount - Order Shipping",
                                                 "Amount - Order Subtotal",
                                                 "Amount - Order Tax",
                                                 "Amount - Order Total",
                                                 "Amount - Paid by Customer",
                                                 "Amount - Shipping Cost",
                                                 "Amount - Ship Rate Quoted",
                                                 "Carrier - Carrier Selected",
                                                 "Carrier - Name",
                                                 "Carrier - Service Requested",
                                                 "Carrier - Service Sel",
                                                 "Carrier - Service Selected",
                                                 "Carrier - Fee",
                                                 "Count - Number of Items",
                                                 "Count - Number of Line Items",
                                                 "Count - Number of Shipments",
                                                 "Custom - Field 1",
                                                 "Custom - Field 2",
                                                 "Custom - Field 3",
                                                 "Customs - Package Contents",
                                                 "Date - Hold Until",
                                                 "Date - Shipped Date",
                                                 "Dimensions - Height",
                                                 "Dimensions - Length",
                                                 "Dimensions - Width",
                                                 "Gift - Flag",
                                                 "Gift - Message",
                                                 "Insurance - Cost",
                                                 "Insurance - Insured Value",
                                                 "Insurance - Provider",
                                                 "Item - Category",
                                                 "Item - Cost",
                                                 "Item - Cost Extended",
                                                 "Item - Fill SKU",
                                                 "Item - Image URL",
                                                 "Item - ISBN",
                                                 "Item - Location",
                                                 "Item - Origin Country Code",
                                                 "Item - UPC",
                                                 "Item - Weight",
                                                 "Item - Weight (oz)",
                                                 "Market - Market Order URL",
                                                 "Market - Marketplace Name",
                                                 "Market - Markeplace Name",
                                                 "Market - Store Name",
                                                 "Notes - From Buyer",
                                                 "Notes - Internal",
                                                 "Notes - To Buyer",
                                                 "Order - CustomerID",
                                                 "Order - Pay Method",
                                                 "Order - Source",
                                                 "Order - Weight",
                                                 "Service - Confirmation Type",
                                                 "Service - Package Type",
                                                 "Ship To - Address 3",
                                                 "Ship To - Residential Flag",
                                                 "Ship To - Verified Flag",
                                                 "Ship To - Zone",
                                                 "Shipment - Tracking Number",
                                                 "Source",
                                                 "Tags",
                                                 "Username",
                                                 "Weight",
                                                 "Weight - TotalOz",
                                                 "Weight - WeightLbs",
                                                 "Weight - WeightOz",
                                                 NULL};

/* ---- Shopify: orders with a row for each line; order fields stand on the first of them ---- */

static const struct order_column shopify_columns[] = {
    {"Name", ROLE_ORDER, true},
    {"Lineitem quantity", ROLE_QUANTITY, true},
    {"Lineitem sku", ROLE_SKU, true},
    {"Lineitem name", ROLE_NAME, false},
    {"Lineitem price", ROLE_PRICE, false},
    {"Lineitem fulfillment status", ROLE_LINE_STATUS, false},
    {"Lineitem properties", ROLE_ANSWERS, false}, /* apps that export more add it */
    {"Note Attributes", ROLE_ORDER_ANSWERS, false},
    {"Currency", ROLE_CURRENCY, false},
    {"Financial Status", ROLE_STATUS, false},
    {"Cancelled at", ROLE_CANCELLED, false},
    {"Refunded Amount", ROLE_REFUNDED, false},
    {"Shipping Name", ROLE_CUSTOMER, false},
    {"Billing Name", ROLE_CUSTOMER, false},
    {"Shipping Company", ROLE_COMPANY, false},
    {"Shipping Address1", ROLE_STREET1, false},
    {"Shipping Street", ROLE_STREET1, false},
    {"Shipping Address2", ROLE_STREET2, false},
    {"Shipping City", ROLE_CITY, false},
    {"Shipping Province", ROLE_STATE, false},
    {"Shipping Zip", ROLE_POSTAL_CODE, false},
    {"Shipping Country", ROLE_COUNTRY, false},
    {"Shipping Phone", ROLE_PHONE, false},
    {"Phone", ROLE_PHONE, false},
    {"Email", ROLE_EMAIL, false},
};
/* The billing address is not taken: filling gaps of one address from another makes a third. */
static const char *const shopify_others[] = {"Paid at",
                                             "Fulfillment Status",
                                             "Fulfilled at",
                                             "Accepts Marketing",
                                             "Subtotal",
                                             "Shipping",
                                             "Taxes",
                                             "Total",
                                             "Discount Code",
                                             "Discount Amount",
                                             "Shipping Method",
                                             "Created at",
                                             "Lineitem compare at price",
                                             "Lineitem requires shipping",
                                             "Lineitem taxable",
                                             "Billing Street",
                                             "Billing Address1",
                                             "Billing Address2",
                                             "Billing Company",
                                             "Billing City",
                                             "Billing Zip",
                                             "Billing Province",
                                             "Billing Country",
                                             "Billing Phone",
                                             "Notes",
                                             "Payment Method",
                                             "Payment Reference",
                                             "Vendor",
                                             "Outstanding Balance",
                                             "Employee",
                                             "Location",
                                             "Device ID",
                                             "Id",
                                             "Tags",
                                             "Risk Level",
                                             "Source",
                                             "Lineitem discount",
                                             "Tax 1 Name",
                                             "Tax 1 Value",
                                             "Tax 2 Name",
                                             "Tax 2 Value",
                                             "Tax 3 Name",
                                             "Tax 3 Value",
                                             "Tax 4 Name",
                                             "Tax 4 Value",
                                             "Tax 5 Name",
                                             "Tax 5 Value",
                                             "Receipt Number",
                                             "Duties",
                                             "Billing Province Name",
                                             "Shipping Province Name",
                                             "Payment ID",
                                             "Payment Terms Name",
                                             "Next Payment Due At",
                                             "Payment References",
                                             NULL};

/* ---- Etsy: sold order items; and its sold orders, which have none ---- */

static const struct order_column etsy_columns[] = {
    {"Order ID", ROLE_ORDER, true},         {"Transaction ID", ROLE_LINE, true},
    {"Quantity", ROLE_QUANTITY, true},      {"SKU", ROLE_SKU, true},
    {"Item Name", ROLE_NAME, false},        {"Price", ROLE_PRICE, false},
    {"Variations", ROLE_ANSWERS, false},    {"Date Shipped", ROLE_LINE_SHIPPED, false},
    {"Currency", ROLE_CURRENCY, false},     {"Ship Name", ROLE_CUSTOMER, false},
    {"Buyer", ROLE_CUSTOMER, false},        {"Ship Address1", ROLE_STREET1, false},
    {"Ship Address2", ROLE_STREET2, false}, {"Ship City", ROLE_CITY, false},
    {"Ship State", ROLE_STATE, false},      {"Ship Zipcode", ROLE_POSTAL_CODE, false},
    {"Ship Country", ROLE_COUNTRY, false},
};
static const char *const etsy_others[] = {"Sale Date",
                                          "Coupon Code",
                                          "Coupon Details",
                                          "Discount Amount",
                                          "Shipping Discount",
                                          "Order Shipping",
                                          "Order Sales Tax",
                                          "Item Total",
                                          "Listing ID",
                                          "Date Paid",
                                          "Order Type",
                                          "Listings Type",
                                          "Payment Type",
                                          "InPerson Discount",
                                          "InPerson Location",
                                          "VAT Paid by Buyer",
                                          NULL};

static const struct order_column etsy_order_columns[] = {
    {"Order ID", ROLE_ORDER, true},
    {"Number of Items", ROLE_NOTHING, true},
    {"Full Name", ROLE_NOTHING, true},
};
static const char *const no_others[] = {NULL};

/* ---- our own ---- */

static const struct order_column own_columns[] = {
    {"order", ROLE_ORDER, true},        {"sku", ROLE_SKU, true},
    {"quantity", ROLE_QUANTITY, true},  {"line", ROLE_LINE, false},
    {"name", ROLE_NAME, false},         {"price", ROLE_PRICE, false},
    {"currency", ROLE_CURRENCY, false}, {"due", ROLE_DUE, false},
    {"date", ROLE_DATE, false},         {"channel", ROLE_CHANNEL, false},
    {"status", ROLE_STATUS, false},     {"customer", ROLE_CUSTOMER, false},
    {"company", ROLE_COMPANY, false},   {"street1", ROLE_STREET1, false},
    {"street2", ROLE_STREET2, false},   {"city", ROLE_CITY, false},
    {"state", ROLE_STATE, false},       {"postal_code", ROLE_POSTAL_CODE, false},
    {"country", ROLE_COUNTRY, false},   {"phone", ROLE_PHONE, false},
    {"email", ROLE_EMAIL, false},
};
/* What our export says besides. */
static const char *const own_others[] = {"product",  "in_batches", "finished", "packed",
                                         "shipped",  "cancelled",  "owed",     "held",
                                         "tracking", NULL};

/* ---- all of them ---- */

#define COLUMNS(table) table, (int)(sizeof table / sizeof *table)

/* A header that fits two is taken for the one that comes first. */
const struct order_format order_formats[ORDER_FORMATS] = {
    {"shipstation", "ShipStation's order export", COLUMNS(shipstation_columns), shipstation_others,
     false, NULL},
    {"shopify", "Shopify's order export", COLUMNS(shopify_columns), shopify_others, false, NULL},
    {"etsy", "Etsy's sold order items", COLUMNS(etsy_columns), etsy_others, true, NULL},
    {"etsy-orders", "Etsy's sold orders", COLUMNS(etsy_order_columns), no_others, true,
     "it does not say what was ordered: download \"Order Items\" from Etsy's Shop Manager instead"},
    {"own", "our own order file", COLUMNS(own_columns), own_others, false, NULL},
};

const struct order_format *order_format_named(const char *name)
{
    for (int i = 0; i < ORDER_FORMATS; i++)
        if (strcmp(order_formats[i].name, name) == 0)
            return &order_formats[i];
    return NULL;
}

/* Whether the cell of a header is that title. */
static bool is_titled(const char *cell, const char *title)
{
    size_t length = strlen(title);
    cell += strspn(cell, " \t");
    return strncasecmp(cell, title, length) == 0 && !cell[length + strspn(cell + length, " \t")];
}

const struct order_column *order_column_titled(const struct order_format *format, const char *title)
{
    for (int i = 0; i < format->column_count; i++)
        if (is_titled(title, format->columns[i].title))
            return &format->columns[i];
    return NULL;
}

bool order_column_is_known(const struct order_format *format, const char *title)
{
    for (const char *const *other = format->others; *other; other++)
        if (is_titled(title, *other))
            return true;
    return order_column_titled(format, title) != NULL;
}

static bool header_has(const struct csv *header, const char *title)
{
    for (int i = 0; i < header->count; i++)
        if (is_titled(header->cells[i].text, title))
            return true;
    return false;
}

const struct order_format *order_format_of(const struct csv *header,
                                           const struct order_format **nearest)
{
    int fewest = ROLE_COUNT;
    *nearest = NULL;
    for (int i = 0; i < ORDER_FORMATS; i++) {
        int missing = 0;
        const struct order_format *format = &order_formats[i];
        for (int c = 0; c < format->column_count; c++)
            missing += format->columns[c].required && !header_has(header, format->columns[c].title);
        if (missing == 0)
            return format;
        if (missing < fewest) {
            fewest = missing;
            *nearest = format;
        }
    }
    return NULL;
}

void missing_columns(struct buffer *out, const struct order_format *format,
                     const struct csv *header)
{
    for (int i = 0; i < format->column_count; i++)
        if (format->columns[i].required && !header_has(header, format->columns[i].title))
            buffer_addf(out, "%s\"%s\"", out->length ? ", " : "", format->columns[i].title);
}
