/*
 * timezone_file.c - reading TZif files (RFC 8536) and POSIX rules. Every byte of a file is checked.
 */
#include "types/timezone_file.h"

#include "base/bytes.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

static const char zone_directory[] = "/usr/share/zoneinfo";

enum { MAX_FILE_BYTES = 1 << 20, HEADER_BYTES = 44, PATH_BYTES = 512, MAX_DEPTH = 3 };

/* ---- POSIX rules ---------------------------------------------------------------------------------------------------------- */

static bool parse_abbreviation(const char **at, char *out)
{
    const char *p = *at;
    const char *start;
    size_t      size;

    if (*p == '<') {
        start = ++p;
        while (isalnum((unsigned char)*p) || *p == '+' || *p == '-' || *p == ':')
            p++;
        size = (size_t)(p - start);
        if (*p++ != '>')
            return false;
    } else {
        start = p;
        while (isalpha((unsigned char)*p))
            p++;
        size = (size_t)(p - start);
        if (size < 3)
            return false;
    }
    if (size >= ABBREVIATION_SIZE)
        return false;
    memcpy(out, start, size);
    out[size] = '\0';
    *at = p;
    return true;
}

static bool parse_number(const char **at, int low, int high, int *out)
{
    int value = 0;

    if (!isdigit((unsigned char)**at))
        return false;
    while (isdigit((unsigned char)**at) && value <= high)
        value = value * 10 + (*(*at)++ - '0');
    *out = value;
    return value >= low && value <= high;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool parse_time(const char **at, int max_hours, int32_t *out)
{
    int sign = **at == '-' ? -1 : 1;
    int hours = 0;
    int minutes = 0;
    int seconds = 0;

    if (**at == '-' || **at == '+')
        (*at)++;
    if (!parse_number(at, 0, max_hours, &hours))
        return false;
    if (**at == ':') {
        (*at)++;
        if (!parse_number(at, 0, 59, &minutes))
            return false;
        if (**at == ':') {
            (*at)++;
            if (!parse_number(at, 0, 59, &seconds))
                return false;
        }
    }
    *out = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool parse_change(const char **at, ZoneChange *change)
{
    if (*(*at)++ != ',')
        return false;
    change->seconds = 7200;
    if (**at == 'J') {
        (*at)++;
        change->kind = CHANGE_JULIAN;
        if (!parse_number(at, 1, 365, &change->day))
            return false;
    } else if (**at == 'M') {
        (*at)++;
        change->kind = CHANGE_MONTH;
        if (!parse_number(at, 1, 12, &change->month) || *(*at)++ != '.' || !parse_number(at, 1, 5, &change->week) ||
            *(*at)++ != '.' || !parse_number(at, 0, 6, &change->day))
            return false;
    } else {
        change->kind = CHANGE_DAY;
        if (!parse_number(at, 0, 365, &change->day))
            return false;
    }
    if (**at != '/')
        return true;
    (*at)++;
    return parse_time(at, 167, &change->seconds);
}

bool timezone_parse_rule(const char *text, ZoneRule *rule)
{
    int32_t west;

    memset(rule, 0, sizeof *rule);
    if (!parse_abbreviation(&text, rule->standard.abbreviation) || !parse_time(&text, 24, &west))
        return false;
    rule->standard.east_seconds = -west;
    if (*text == '\0')
        return true;
    rule->has_dst = true;
    rule->dst.is_dst = true;
    rule->dst.east_seconds = rule->standard.east_seconds + 3600;
    if (!parse_abbreviation(&text, rule->dst.abbreviation))
        return false;
    if (*text != ',' && *text != '\0') {
        if (!parse_time(&text, 24, &west))
            return false;
        rule->dst.east_seconds = -west;
    }
    if (*text == '\0') { /* no rule given: the United States' since 2007, as PostgreSQL takes it */
        rule->to_dst = (ZoneChange){.kind = CHANGE_MONTH, .month = 3, .week = 2, .seconds = 7200};
        rule->to_standard = (ZoneChange){.kind = CHANGE_MONTH, .month = 11, .week = 1, .seconds = 7200};
        return true;
    }
    return parse_change(&text, &rule->to_dst) && parse_change(&text, &rule->to_standard) && *text == '\0';
}

/* ---- TZif ------------------------------------------------------------------------------------------------------------------- */

typedef struct Counts {
    uint32_t is_ut, is_standard, leaps, transitions, types, characters;
} Counts;

static bool read_header(const uint8_t *at, const uint8_t *end, Counts *counts, char *version)
{
    if (end - at < HEADER_BYTES || memcmp(at, "TZif", 4) != 0)
        return false;
    *version = (char)at[4];
    counts->is_ut = get_be32(at + 20);
    counts->is_standard = get_be32(at + 24);
    counts->leaps = get_be32(at + 28);
    counts->transitions = get_be32(at + 32);
    counts->types = get_be32(at + 36);
    counts->characters = get_be32(at + 40);
    return counts->types > 0 && counts->types <= 256 && counts->transitions <= 100000 && counts->characters <= 4096 &&
           counts->leaps <= 4096 && counts->is_ut <= 256 && counts->is_standard <= 256;
}

/* Bytes of a data block whose times have `width` bytes. */
static size_t block_size(const Counts *counts, size_t width)
{
    return counts->transitions * (width + 1) + counts->types * 6 + counts->characters + counts->leaps * (width + 4) +
           counts->is_standard + counts->is_ut;
}

static bool read_types(TimeZone *zone, const uint8_t *types, const uint8_t *names, const Counts *counts)
{
    for (uint32_t i = 0; i < counts->types; i++) {
        const uint8_t *type = types + (size_t)i * 6;
        uint32_t       name = type[5];
        size_t         size;

        if (name >= counts->characters)
            return false;
        size = strnlen((const char *)names + name, counts->characters - name);
        if (size == counts->characters - name || size >= ABBREVIATION_SIZE)
            return false;
        zone->types[i].east_seconds = (int32_t)get_be32(type);
        zone->types[i].is_dst = type[4] != 0;
        memcpy(zone->types[i].abbreviation, names + name, size + 1);
        if (zone->types[i].east_seconds < -86400 * 2 || zone->types[i].east_seconds > 86400 * 2)
            return false;
    }
    return true;
}

static bool read_transitions(TimeZone *zone, const uint8_t *times, const uint8_t *indexes, const Counts *counts)
{
    for (uint32_t i = 0; i < counts->transitions; i++) {
        zone->transitions[i] = (ZoneTransition){(int64_t)get_be64(times + (size_t)i * 8), indexes[i]};
        if (indexes[i] >= counts->types || (i > 0 && zone->transitions[i].at <= zone->transitions[i - 1].at))
            return false;
    }
    return true;
}

/* The 64-bit block of a version 2 file and the rule in its footer. */
static bool read_zone(TimeZone *zone, const uint8_t *at, const uint8_t *end)
{
    Counts counts;
    char   version;
    char   footer[128];
    size_t size;

    if (!read_header(at, end, &counts, &version) || version < '2')
        return false;
    at += HEADER_BYTES;
    if ((size_t)(end - at) < block_size(&counts, 4))
        return false;
    at += block_size(&counts, 4);
    if (!read_header(at, end, &counts, &version))
        return false;
    at += HEADER_BYTES;
    if ((size_t)(end - at) < block_size(&counts, 8))
        return false;
    zone->types = calloc(counts.types, sizeof *zone->types);
    zone->transitions = calloc(MAX(counts.transitions, 1), sizeof *zone->transitions);
    if (zone->types == NULL || zone->transitions == NULL)
        return false;
    zone->type_count = (int)counts.types;
    zone->transition_count = (int)counts.transitions;
    if (!read_transitions(zone, at, at + (size_t)counts.transitions * 8, &counts) ||
        !read_types(zone, at + (size_t)counts.transitions * 9, at + (size_t)counts.transitions * 9 + (size_t)counts.types * 6, &counts))
        return false;
    at += block_size(&counts, 8);
    size = (size_t)(end - at);
    if (size < 2 || at[0] != '\n' || at[size - 1] != '\n' || size - 2 >= sizeof footer)
        return true;
    memcpy(footer, at + 1, size - 2);
    footer[size - 2] = '\0';
    zone->has_rule = timezone_parse_rule(footer, &zone->rule);
    return true;
}

void timezone_discard(TimeZone *zone)
{
    if (zone == NULL)
        return;
    free((char *)zone->name);
    free(zone->types);
    free(zone->transitions);
    free(zone);
}

static TimeZone *load_file(const char *name)
{
    char      path[PATH_BYTES];
    uint8_t  *bytes = NULL;
    size_t    size = 0;
    FILE     *file;
    TimeZone *zone = NULL;

    if (snprintf(path, sizeof path, "%s/%s", zone_directory, name) >= (int)sizeof path)
        return NULL;
    file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    bytes = malloc(MAX_FILE_BYTES);
    if (bytes != NULL)
        size = fread(bytes, 1, MAX_FILE_BYTES, file);
    fclose(file);
    if (size > 0)
        zone = calloc(1, sizeof *zone);
    if (zone != NULL) {
        zone->name = strdup(name);
        if (zone->name == NULL || !read_zone(zone, bytes, bytes + size)) {
            timezone_discard(zone);
            zone = NULL;
        }
    }
    free(bytes);
    return zone;
}

/* ---- names ---------------------------------------------------------------------------------------------------------------------- */

/* Walks one component of a name through a directory, ignoring case; the true spelling goes to path. */
static bool match_component(char *path, size_t *used, const char *component, size_t size)
{
    char           directory[PATH_BYTES];
    DIR           *listing;
    struct dirent *entry;
    bool           found = false;

    if (snprintf(directory, sizeof directory, "%s/%.*s", zone_directory, (int)*used, path) >= (int)sizeof directory)
        return false;
    listing = opendir(directory);
    if (listing == NULL)
        return false;
    while (!found && (entry = readdir(listing)) != NULL) {
        if (strlen(entry->d_name) != size || strncasecmp(entry->d_name, component, size) != 0 || entry->d_name[0] == '.')
            continue;
        if (*used + size + 2 > PATH_BYTES)
            break;
        if (*used > 0)
            path[(*used)++] = '/';
        memcpy(path + *used, entry->d_name, size);
        *used += size;
        path[*used] = '\0';
        found = true;
    }
    closedir(listing);
    return found;
}

static TimeZone *load_by_name(const char *name)
{
    char   path[PATH_BYTES] = "";
    size_t used = 0;

    if (!isalpha((unsigned char)name[0]))
        return NULL;
    for (const char *at = name; *at != '\0';) {
        size_t size = strcspn(at, "/");

        if (size == 0 || !match_component(path, &used, at, size))
            return NULL;
        at += size + (at[size] == '/');
    }
    return load_file(path);
}

static TimeZone *make_fixed(const char *name, const ZoneRule *rule)
{
    TimeZone *zone = calloc(1, sizeof *zone);

    if (zone == NULL)
        return NULL;
    zone->name = strdup(name);
    zone->types = calloc(1, sizeof *zone->types);
    if (zone->name == NULL || zone->types == NULL) {
        timezone_discard(zone);
        return NULL;
    }
    zone->types[0] = rule->standard;
    zone->type_count = 1;
    zone->has_rule = rule->has_dst;
    zone->rule = *rule;
    return zone;
}

/* A number of hours east of UTC, "-8" or "5.5": PostgreSQL shows it as <-08>+08, <+05:30>-05:30. */
static TimeZone *make_from_hours(const char *text)
{
    char    *end;
    double   hours = strtod(text, &end);
    char     name[64];
    ZoneRule rule;
    int      seconds;

    if (end == text || *end != '\0' || hours < -24 || hours > 24)
        return NULL;
    seconds = (int)(hours * 3600 + (hours < 0 ? -0.5 : 0.5));
    if (seconds % 3600 == 0)
        snprintf(name, sizeof name, "<%+03d>%+03d", seconds / 3600, -(seconds / 3600));
    else
        snprintf(name, sizeof name, "<%c%02d:%02d>%c%02d:%02d", seconds < 0 ? '-' : '+', abs(seconds) / 3600, abs(seconds) / 60 % 60,
                 seconds < 0 ? '+' : '-', abs(seconds) / 3600, abs(seconds) / 60 % 60);
    return timezone_parse_rule(name, &rule) ? make_fixed(name, &rule) : NULL;
}

TimeZone *timezone_load(const char *name)
{
    TimeZone *zone = load_by_name(name);
    ZoneRule  rule;

    if (zone == NULL)
        zone = make_from_hours(name);
    if (zone == NULL && timezone_parse_rule(name, &rule))
        zone = make_fixed(name, &rule);
    return zone;
}

static void each_in(const char *prefix, int depth, void (*visit)(void *arg, const char *name), void *arg)
{
    char           path[PATH_BYTES];
    DIR           *listing;
    struct dirent *entry;

    if (snprintf(path, sizeof path, "%s/%s", zone_directory, prefix) >= (int)sizeof path || depth > MAX_DEPTH)
        return;
    listing = opendir(path);
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        char        name[PATH_BYTES];
        char        full[PATH_BYTES * 2];
        struct stat info;

        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "right") == 0 || strcmp(entry->d_name, "posix") == 0 ||
            snprintf(name, sizeof name, "%s%s%s", prefix, *prefix != '\0' ? "/" : "", entry->d_name) >= (int)sizeof name)
            continue;
        snprintf(full, sizeof full, "%s/%s", zone_directory, name);
        if (stat(full, &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode))
            each_in(name, depth + 1, visit, arg);
        else if (isupper((unsigned char)entry->d_name[0]))
            visit(arg, name);
    }
    if (listing != NULL)
        closedir(listing);
}

void timezone_each_name(void (*visit)(void *arg, const char *name), void *arg)
{
    each_in("", 0, visit, arg);
}
