# cmake --install, and a .deb by `cpack` in the build folder.
install(TARGETS flowc flowd RUNTIME DESTINATION bin)
install(TARGETS documents preview pages station LIBRARY DESTINATION lib/flow)
install(DIRECTORY specs/ DESTINATION share/flow/specs)
install(DIRECTORY docs DESTINATION share/doc/flow # as in the source, so that the links of README.md hold
  PATTERN man EXCLUDE PATTERN "*.c" EXCLUDE PATTERN "*.py" EXCLUDE)
install(DIRECTORY examples/monitoring DESTINATION share/doc/flow/examples)
install(FILES README.md CONTRIBUTING.md LICENSE DESTINATION share/doc/flow)
# `flowc explain` reads these: beside specs/, as in the source.
install(DIRECTORY docs/rules DESTINATION share/flow/docs)
install(DIRECTORY docs/man/ DESTINATION share/man/man1 FILES_MATCHING PATTERN "*.1")

# What editors need; docs/editors.md says where they look.
install(DIRECTORY grammar/editors/ DESTINATION share/flow/editors PATTERN "*.py" EXCLUDE PATTERN node_modules EXCLUDE)

# Completions, as the programs print them.
set(made ${CMAKE_BINARY_DIR}/completions)
foreach(program flowc flowd)
  foreach(shell bash zsh fish)
    add_custom_command(OUTPUT ${made}/${program}.${shell} DEPENDS ${program} VERBATIM
      COMMAND ${CMAKE_COMMAND} -E make_directory ${made}
      COMMAND sh -c "$<TARGET_FILE:${program}> completions ${shell} > ${made}/${program}.${shell}")
    list(APPEND completions ${made}/${program}.${shell})
  endforeach()
  install(FILES ${made}/${program}.bash DESTINATION share/bash-completion/completions RENAME ${program})
  install(FILES ${made}/${program}.zsh DESTINATION share/zsh/vendor-completions RENAME _${program})
  install(FILES ${made}/${program}.fish DESTINATION share/fish/vendor_completions.d)
endforeach()
add_custom_target(completions ALL DEPENDS ${completions})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME flow)
set(CPACK_PACKAGE_VENDOR "the flow authors")
set(CPACK_PACKAGE_CONTACT "the flow authors <flow@flow.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "prusa-slicer")
set(CPACK_PACKAGE_DESCRIPTION
"flowc checks the specs of a small manufacturing shop, reckons what its products
cost, and prints work instructions, diagrams, workbooks, quote packets, labels and
forms. flowd runs the shop by them: orders, batches, the steps at the bench, the
record of every unit from material lot to parcel.")
include(CPack)
