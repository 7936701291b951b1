# The libraries, each with the Debian package that brings it. docs/architecture.md says why each is there.
find_package(PkgConfig QUIET)
if(NOT PKG_CONFIG_FOUND)
  message(FATAL_ERROR "pkg-config is missing; on Debian: apt-get install pkg-config")
endif()

foreach(tool FLEX BISON)
  find_package(${tool} QUIET)
  if(NOT ${tool}_FOUND)
    string(TOLOWER ${tool} package)
    message(FATAL_ERROR "${package} is missing; on Debian: apt-get install ${package}")
  endif()
endforeach()

set(missing_packages)

# Adds a library known to pkg-config to an INTERFACE target.
macro(flow_library target module package)
  pkg_check_modules(found_${module} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(found_${module}_FOUND)
    target_link_libraries(${target} INTERFACE PkgConfig::found_${module})
  else()
    message(SEND_ERROR "the library ${module} is missing; on Debian: apt-get install ${package}")
    list(APPEND missing_packages ${package})
  endif()
endmacro()

# Adds one that has no pkg-config file.
macro(flow_plain_library target library header package)
  find_library(${library}_LIBRARY ${library})
  find_path(${library}_HEADERS ${header})
  if(${library}_LIBRARY AND ${library}_HEADERS)
    target_link_libraries(${target} INTERFACE ${${library}_LIBRARY})
  else()
    message(SEND_ERROR "the library ${library} is missing; on Debian: apt-get install ${package}")
    list(APPEND missing_packages ${package})
  endif()
endmacro()

# What reading, checking and costing needs.
add_library(flow_core_libraries INTERFACE)
flow_library(flow_core_libraries gmp libgmp-dev)
flow_library(flow_core_libraries yaml-0.1 libyaml-dev)
flow_library(flow_core_libraries jansson libjansson-dev)
find_library(jansson_archive libjansson.a REQUIRED)
# Of libcrypto only SHA-256, linked in: the shared one takes a millisecond to load. The functions under EVP would bring
# all of it; those of openssl/sha.h, which OpenSSL would rather see under EVP, bring 30 kB.
flow_plain_library(flow_core_libraries libcrypto.a openssl/sha.h libssl-dev)
target_compile_definitions(flow_core_libraries INTERFACE OPENSSL_SUPPRESS_DEPRECATED)
flow_plain_library(flow_core_libraries libexpat.a expat.h libexpat1-dev)
target_link_libraries(flow_core_libraries INTERFACE m)

# What flowd needs besides.
add_library(flow_runtime_libraries INTERFACE)
flow_library(flow_runtime_libraries sqlite3 libsqlite3-dev)

# What its server and the way to it need.
add_library(flow_station_libraries INTERFACE)
flow_library(flow_station_libraries libmicrohttpd libmicrohttpd-dev)
flow_library(flow_station_libraries libsodium libsodium-dev)
flow_library(flow_station_libraries libcurl libcurl4-gnutls-dev)

# What documents need.
add_library(flow_document_libraries INTERFACE)
flow_library(flow_document_libraries libgvc libgraphviz-dev)
flow_library(flow_document_libraries libcgraph libgraphviz-dev)
flow_library(flow_document_libraries libcdt libgraphviz-dev)
flow_library(flow_document_libraries libzip libzip-dev)
flow_library(flow_document_libraries xlsxwriter libxlsxwriter-dev)
flow_library(flow_document_libraries cairo libcairo2-dev)
flow_library(flow_document_libraries pangocairo libpango1.0-dev)
flow_library(flow_document_libraries librsvg-2.0 librsvg2-dev)
flow_plain_library(flow_document_libraries zint zint.h libzint-dev)

# What `flowc preview` needs.
add_library(flow_preview_libraries INTERFACE)
flow_library(flow_preview_libraries libmicrohttpd libmicrohttpd-dev)

# A 3MF file needs libzip, which would bring libcrypto and two more to every start. It is opened by name when the first one is
# read (compiler/geometry/package.c); the name is the one that a program linked with it would ask for.
if(found_libzip_FOUND)
  find_library(zip_LIBRARY zip REQUIRED)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${zip_LIBRARY} OUTPUT_VARIABLE zip_headers)
  string(REGEX MATCH "SONAME +([^ \n]+)" zip_headers "${zip_headers}")
  target_compile_definitions(flow_core_libraries INTERFACE FLOW_LIBZIP="${CMAKE_MATCH_1}")
  target_include_directories(flow_core_libraries INTERFACE ${found_libzip_INCLUDE_DIRS})
endif()

if(missing_packages)
  list(REMOVE_DUPLICATES missing_packages)
  list(JOIN missing_packages " " missing_packages)
  message(FATAL_ERROR "libraries are missing; on Debian: apt-get install ${missing_packages}")
endif()
