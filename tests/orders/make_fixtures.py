#!/usr/bin/env python3
"""Makes the order files that the tests import: the real headers of each shop's export, and rows with what such files do.

tests/orders/make_fixtures.py [FOLDER]     (this folder if unsaid)
tests/orders/make_fixtures.py --large N FILE     a Shopify export of so many lines, for timing
"""
import csv
import os
import sys

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,"
    "Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References").split(",")
ETSY = (
    "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,"
    "Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,"
    "Ship Address1,Ship Address2,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations,Order Type,"
    "Listings Type,Payment Type,InPerson Discount,InPerson Location,VAT Paid by Buyer,SKU").split(",")
ETSY_ORDERS = (
    "Sale Date,Order ID,Buyer User ID,Full Name,First Name,Last Name,Number of Items,Payment Method,Date Shipped,"
    "Street 1,Street 2,Ship City,Ship State,Ship Zipcode,Ship Country,Currency,Order Value,Coupon Code,Coupon Details,"
    "Discount Amount,Shipping Discount,Shipping,Sales Tax,Order Total,Status,Card Processing Fees,Order Net,"
    "Adjusted Order Total,Adjusted Card Processing Fees,Adjusted Net Order Amount,Buyer,Order Type,Payment Type,"
    "InPerson Discount,InPerson Location,SKU").split(",")
SHIPSTATION = [
    "Order - Number", "Date - Order Date", "Date - Ship By Date", "Order - Status", "Item - SKU", "Item - Qty",
    "Item - Name", "Item - Options", "Item - Price", "Ship To - Name", "Ship To - Company", "Ship To - Address 1",
    "Ship To - Address 2", "Ship To - City", "Ship To - State", "Ship To - Postal Code", "Ship To - Country",
    "Ship To - Phone", "Customer Email", "Market - Store Name", "Order - Weight", "Service - Package Type",
    "Carrier - Service Sel"]
OWN = ["order", "line", "sku", "quantity", "price", "currency", "due", "customer", "street1", "city", "postal_code",
       "country", "ask:initials"]

ADA = {"Shipping Name": "Ada Lovelace", "Shipping Street": "12 St James's Square, Flat 2",
       "Shipping Address1": "12 St James's Square", "Shipping Address2": "Flat 2", "Shipping City": "London",
       "Shipping Zip": "'SW1Y 4JH", "Shipping Country": "GB", "Shipping Phone": "'+44 20 7946 0000",
       "Billing Name": "A. King", "Billing Address1": "1 Ockham Park", "Billing City": "Ripley"}


def shopify():
    first = dict(ADA, **{"Name": "#1001", "Email": "ada@example.com", "Financial Status": "paid", "Currency": "GBP",
                         "Created at": "2026-11-20 09:12:44 +0000", "Notes": "Please, no\nplastic \"peanuts\"",
                         "Note Attributes": "initials: AL\ngift: no"})
    line = {"Lineitem requires shipping": "true", "Lineitem fulfillment status": "pending", "Vendor": "Hooks"}
    yield {**first, **line, "Lineitem quantity": "2", "Lineitem name": "Magnetic desk hook - black / small",
           "Lineitem price": "18.00", "Lineitem sku": "DH-100-black-small"}
    yield {"Name": "#1001", "Email": "ada@example.com", **line, "Lineitem quantity": "1",
           "Lineitem name": "Signet ring", "Lineitem price": "64.00", "Lineitem sku": "AR-12-onyx_black-18.2-engraved"}
    yield {**ADA, **line, "Name": "#1002", "Financial Status": "refunded", "Refunded Amount": "18.00",
           "Lineitem quantity": "1", "Lineitem price": "18.00", "Lineitem sku": "DH-100-black-small"}
    yield {**ADA, **line, "Name": "#1003", "Financial Status": "paid", "Currency": "GBP", "Lineitem quantity": "3",
           "Lineitem name": "Magnetic desk hook", "Lineitem price": "18.00", "Lineitem sku": "DH-100-balck-small"}


def etsy():
    base = {"Sale Date": "11/20/26", "Buyer": "gracehopper", "Currency": "USD", "Date Paid": "11/20/2026",
            "Ship Name": "Grace Hopper", "Ship Address1": "1 Harbor St", "Ship City": "Arlington", "Ship State": "VA",
            "Ship Zipcode": "22202", "Ship Country": "United States", "Order Type": "online"}
    yield {**base, "Order ID": "3312345678", "Transaction ID": "4001", "Quantity": "1", "Price": "64.00",
           "Item Name": "Signet ring", "SKU": "AR-12-ivory_white-19-engraved",
           "Variations": "Color:Ivory,Size:19,Personalization:R&amp;D"}
    yield {**base, "Order ID": "3312345678", "Transaction ID": "4002", "Quantity": "4", "Price": "18.00",
           "Item Name": "Magnetic desk hook, \"small\"", "SKU": "DH-100-white-small", "Variations": ""}
    yield {**base, "Order ID": "3312340000", "Transaction ID": "3990", "Quantity": "1", "Price": "18.00",
           "Item Name": "Magnetic desk hook", "SKU": "DH-100-white-small", "Date Shipped": "11/21/2026"}


def etsy_orders():
    yield {"Sale Date": "11/20/26", "Order ID": "3312345678", "Full Name": "Grace Hopper", "Number of Items": "5",
           "Currency": "USD", "Order Total": "140.00", "SKU": "AR-12-ivory_white-19-engraved,DH-100-white-small"}


def shipstation():
    base = {"Date - Order Date": "11/20/2026 9:12:44 AM", "Date - Ship By Date": "12/01/2026 11:59:59 PM",
            "Order - Status": "Awaiting Shipment", "Ship To - Name": "Katherine Johnson", "Ship To - City": "Hampton",
            "Ship To - Address 1": "100 Langley Blvd", "Ship To - State": "VA", "Ship To - Postal Code": "23665",
            "Ship To - Country": "US", "Customer Email": "kj@example.com", "Market - Store Name": "My Shop"}
    yield {**base, "Order - Number": "SS-7", "Item - SKU": "AR-12-onyx_black-17.3-engraved", "Item - Qty": "1",
           "Item - Name": "Signet ring", "Item - Options": "Face: engraved, Initials: KJ", "Item - Price": "64.00"}
    yield {**base, "Order - Number": "SS-7", "Item - SKU": "DH-100-black-large", "Item - Qty": "2",
           "Item - Name": "Magnetic desk hook", "Item - Price": "21.00"}
    yield {**base, "Order - Number": "SS-8", "Order - Status": "On Hold", "Item - SKU": "DH-100-black-large",
           "Item - Qty": "2"}


def own():
    yield {"order": "W-1", "line": "a", "sku": "DH-100-black-small", "quantity": "10", "price": "15.00",
           "currency": "USD", "due": "2026-12-15", "customer": "Bench & Co", "street1": "=HYPERLINK(1)",
           "city": "K\u00f6ln", "postal_code": "05003", "country": "DE"}
    yield {"line": "b", "sku": "AR-12-onyx_black-19-engraved", "quantity": "1", "price": "60", "ask:initials": "BC"}


FILES = {"shopify.csv": (SHOPIFY, shopify), "etsy.csv": (ETSY, etsy), "etsy_orders.csv": (ETSY_ORDERS, etsy_orders),
         "shipstation.csv": (SHIPSTATION, shipstation), "own.csv": (OWN, own)}


def write(path, header, rows):
    marked = os.path.basename(path) in ("etsy.csv", "own.csv")  # exports with a byte order mark, as Excel wants it
    with open(path, "w", encoding="utf-8-sig" if marked else "utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def large(count):
    skus = [f"DH-100-{color}-{size}" for color in ("black", "white") for size in ("small", "large")]
    for i in range(count):
        row = {"Name": f"#{10000 + i // 2}", "Lineitem quantity": str(1 + i % 5), "Lineitem price": "18.00",
               "Lineitem name": "Magnetic desk hook", "Lineitem sku": skus[i % 4] if i % 100 else "DH-100-blakc-small",
               "Lineitem requires shipping": "true", "Lineitem fulfillment status": "pending"}
        if i % 2 == 0:
            row.update(ADA, **{"Financial Status": "paid", "Currency": "GBP"})
        yield row


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--large":
        write(sys.argv[3], SHOPIFY, large(int(sys.argv[2])))
        return
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for name, (header, rows) in FILES.items():
        write(os.path.join(folder, name), header, rows())


if __name__ == "__main__":
    main()
