/* What the API's answers look like: for its document, and for the test that holds every answer to it. */
#ifndef FLOW_STATION_SHAPES_H
#define FLOW_STATION_SHAPES_H

struct shape_field {
    const char *name;
    /* "string", "integer", "number", "boolean", "time", "object", a shape's name, or one of these as "[..]" for a list; a '?' behind it: may be
       missing. */
    const char *type;
    const char *about; /* "" where the name says it */
};

struct shape {
    const char *name;
    const struct shape_field *fields;
    int field_count;
};
extern const struct shape shape_rows[];
extern const int shape_count;

/* What a query may say. */
struct query_row {
    const char *name, *type, *about;
};
extern const struct query_row query_rows[];
extern const int query_count;

#endif
