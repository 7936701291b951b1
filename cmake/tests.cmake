# Every tests/unit/test_NAME.c is a cmocka program and a ctest of that name; nothing to register.
# Every tests/fuzz/fuzz_NAME.c is a libFuzzer program; every tests/bench/bench_NAME.c, and tests/real/*.c, a program on its own.
enable_testing()

if(FLOW_TESTS)
  pkg_check_modules(cmocka QUIET IMPORTED_TARGET cmocka)
  if(NOT cmocka_FOUND)
    message(STATUS "The unit tests are left out: no cmocka; on Debian: apt-get install libcmocka-dev")
  endif()
endif()
# The language server by itself, for its tests: it is part of the program, not of the library.
file(GLOB lsp_sources CONFIGURE_DEPENDS compiler/flowc/lsp/*.c)
add_library(flow_lsp STATIC EXCLUDE_FROM_ALL ${lsp_sources})
target_link_libraries(flow_lsp PUBLIC flow)
target_compile_options(flow_lsp PRIVATE ${FLOW_WARNINGS})

if(FLOW_TESTS AND cmocka_FOUND)
  file(GLOB unit_tests CONFIGURE_DEPENDS tests/unit/test_*.c)
  foreach(source ${unit_tests})
    cmake_path(GET source STEM name)
    add_executable(${name} ${source})
    target_compile_options(${name} PRIVATE ${FLOW_WARNINGS})
    target_compile_definitions(${name} PRIVATE FLOW_SOURCE_FOLDER="${CMAKE_SOURCE_DIR}")
    # A group, because each needs the other: documents read the spec, the rows of emit/ call documents.
    target_link_libraries(${name} PRIVATE $<LINK_GROUP:RESCAN,flow_lsp,flow_station,flow_pages,flow_runtime,flow_documents,flow> PkgConfig::cmocka)
    target_include_directories(${name} PRIVATE tests/unit)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT
      "FLOW_SPECS=${CMAKE_SOURCE_DIR}/specs;LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/leaks.txt:print_suppressions=0")
  endforeach()
endif()

file(GLOB bench_programs CONFIGURE_DEPENDS tests/bench/bench_*.c tests/real/*.c)
foreach(source ${bench_programs})
  cmake_path(GET source STEM name)
  add_executable(${name} EXCLUDE_FROM_ALL ${source})
  target_compile_options(${name} PRIVATE ${FLOW_WARNINGS})
  target_link_libraries(${name} PRIVATE flow_station flow_runtime flow)
endforeach()
target_link_libraries(bench_cells PRIVATE xlsxwriter)

if(FLOW_FUZZ)
  file(GLOB fuzzers CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
  foreach(source ${fuzzers})
    cmake_path(GET source STEM name)
    add_executable(${name} EXCLUDE_FROM_ALL ${source} tests/fuzz/harness.c)
    target_compile_options(${name} PRIVATE ${FLOW_WARNINGS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    if(name STREQUAL fuzz_lsp) # its names are those of another program than flowd's
      target_link_libraries(${name} PRIVATE flow_lsp flow)
    else()
      target_link_libraries(${name} PRIVATE flow_station flow_runtime flow)
    endif()
    list(APPEND fuzzer_names ${name})
  endforeach()
  add_custom_target(fuzzers DEPENDS ${fuzzer_names})
endif()

# Writes docs/reference.md; tests/check_reference.sh compares.
add_executable(make_reference EXCLUDE_FROM_ALL docs/make_reference.c)
target_compile_options(make_reference PRIVATE ${FLOW_WARNINGS})
target_link_libraries(make_reference PRIVATE flow)
